// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// In a committed delivery a service sends its coin share only after it has the digests and commitments of all
/// parties. A party that learns the share earlier can choose its own shares to match the coin.
class CoinShareTest {
    private static final Duration A_WHILE = Duration.ofMillis(700);

    private static VmHost vmHost;

    @BeforeAll
    static void start() throws Exception {
        vmHost = VmHost.start("shareferry.party.vm.message-timeout=1m");
    }

    @AfterAll
    static void stop() {
        vmHost.close();
    }

    @Test
    void the_coin_share_is_sent_after_all_commitments_and_matches_its_own() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(21);
            vm.head(0, ScriptedVm.COMMITTED);
            vm.share();
            vm.masks();
            var digestAndCommitment = vm.readBytes();
            assertThat(digestAndCommitment).hasSize(64);

            // The other party's commitment is missing.
            await().during(A_WHILE).atMost(A_WHILE.multipliedBy(10)).until(vm::hearsNothing);

            vm.send(forPairs(8));
            var coinShare = vm.readBytes();
            var digest = Arrays.copyOf(digestAndCommitment, 32);
            assertThat(coinShare).hasSize(32).isNotEqualTo(new byte[32]);
            assertThat(commitment(21, digest, coinShare)).isEqualTo(Arrays.copyOfRange(digestAndCommitment, 32, 64));
        }
    }

    @Test
    void offsets_are_sent_only_after_all_coin_shares_arrived() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(22);
            vm.head(0, ScriptedVm.COMMITTED);
            vm.share();
            vm.masks();
            vm.readBytes();
            var theirs = new byte[32];
            theirs[0] = 1;
            vm.sendBytes(interleaved(digestAndCommitmentOfP0(22, theirs)));
            vm.readBytes();

            await().during(A_WHILE).atMost(A_WHILE.multipliedBy(10)).until(vm::hearsNothing);

            vm.sendBytes(interleaved(theirs));
            // One row of offsets, then the bits.
            assertThat(Arrays.stream(vm.read()).boxed()).hasSize(8).allMatch(offset -> offset >= 0 && offset <= 255);
            assertThat(vm.read()).hasSize(65);
        }
    }

    private static long[] forPairs(int words) {
        var all = new long[2 * words];
        Arrays.setAll(all, i -> i);
        return all;
    }

    /// Words for (0, 1), alternating with random words for (1, 0).
    private static byte[] interleaved(byte[] forP1) {
        var all = ByteBuffer.allocate(2 * forP1.length);
        for (int i = 0; i < forP1.length; i += Long.BYTES) {
            all.put(forP1, i, Long.BYTES).putLong(-1);
        }
        return all.array();
    }

    private static byte[] digestAndCommitmentOfP0(long run, byte[] coinShare) throws Exception {
        var digest = new byte[32];
        return ByteBuffer.allocate(64)
                .put(digest)
                .put(commitment(run, 0, digest, coinShare))
                .array();
    }

    private static byte[] commitment(long run, byte[] digest, byte[] coinShare) throws Exception {
        return commitment(run, 1, digest, coinShare);
    }

    /// As defined in docs/output-delivery.md.
    private static byte[] commitment(long run, int party, byte[] digest, byte[] coinShare) throws Exception {
        var sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update("shareferry coin share v1".getBytes(StandardCharsets.US_ASCII));
        // Run id, twice the same word; sequence number 0.
        sha256.update(ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(run)
                .putLong(run)
                .array());
        sha256.update((byte) party);
        sha256.update(digest);
        return sha256.digest(coinShare);
    }
}
