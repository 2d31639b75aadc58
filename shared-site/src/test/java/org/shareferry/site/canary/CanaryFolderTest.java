// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.canary;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;

/// An honest-majority protocol's name counts only with a recorded canary run of VMs of the same kind.
class CanaryFolderTest {
    private static final Domain RING = new Domain.Ring(64, 64);
    private static final Domain FIELD =
            new Domain.PrimeField(BigInteger.ONE.shiftLeft(127).subtract(BigInteger.ONE));
    private static final VmKind KIND = new VmKind(RING, 3, 1, 2);
    private static final CanaryPass PASS = new CanaryPass(
            "malicious-rep-ring",
            KIND,
            Path.of("/opt/MP-SPDZ/malicious-rep-ring-party.x"),
            Sha256.of(Bytes.ascii("program")),
            List.of("-e", "--opening-sum", "2 3"),
            Instant.parse("2026-01-01T12:00:00Z"));

    @TempDir
    Path parent;

    private CanaryFolder folder;

    @BeforeEach
    void name() {
        folder = new CanaryFolder(parent.resolve("canary"));
    }

    @Test
    void what_is_written_is_read_again() throws Exception {
        folder.write(PASS);

        assertThat(folder.read()).isEqualTo(new CanaryFolder.Content(List.of(PASS), List.of()));
    }

    @Test
    void a_later_run_replaces_the_record_of_an_earlier_one() throws Exception {
        folder.write(PASS);
        var later = new CanaryPass(
                PASS.protocol(), KIND, PASS.binary(), Sha256.of(Bytes.empty()), List.of(), Instant.EPOCH);

        folder.write(later);

        assertThat(folder.read().passes()).containsExactly(later);
    }

    @Test
    void after_a_recorded_run_of_the_same_kind_there_is_no_objection() throws Exception {
        folder.write(PASS);

        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, KIND)).isEmpty();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, RING, 3, 1)).isEmpty();
    }

    @Test
    void without_a_record_the_protocol_is_refused_and_the_command_is_named() {
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, KIND))
                .hasValueSatisfying(why -> assertThat(why)
                        .contains(
                                "shareferry canary",
                                "--protocol malicious-rep-ring --parties 3",
                                folder.folder().toString()));
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, RING, 3, 1)).isPresent();
    }

    @Test
    void a_record_of_another_protocol_or_kind_does_not_count() throws Exception {
        folder.write(PASS);

        assertThat(folder.objection(Protocol.PS_REP_RING, KIND)).isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, new VmKind(FIELD, 3, 1, 2)))
                .isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, new VmKind(RING, 4, 1, 2)))
                .isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, new VmKind(RING, 3, 2, 2)))
                .isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, new VmKind(RING, 3, 1, 3)))
                .isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, FIELD, 3, 1)).isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, RING, 4, 1)).isPresent();
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, RING, 3, 2)).isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void only_honest_majority_protocols_need_a_record(Protocol protocol) {
        assertThat(folder.objection(protocol, KIND).isPresent()).isEqualTo(protocol.isSecureWithHonestMajority());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "protocol=malicious-rep-ring", "nonsense", "protocol=\\uZZ"})
    void a_file_that_is_not_a_record_is_reported_and_ignored(String text) throws Exception {
        Files.createDirectory(folder.folder());
        var file = Files.writeString(folder.folder().resolve("x.canary"), text);

        assertThat(folder.read()).isEqualTo(new CanaryFolder.Content(List.of(), List.of(file)));
        assertThat(folder.objection(Protocol.MALICIOUS_REP_RING, KIND)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "protocol",
                "specification",
                "parties",
                "threshold",
                "elements-in-share",
                "binary",
                "binary-sha256",
                "options",
                "tested"
            })
    void a_record_with_a_missing_line_is_ignored(String name) throws Exception {
        var file = folder.write(PASS);
        var lines = Files.readAllLines(file).stream()
                .filter(line -> !line.startsWith(name + "="))
                .toList();
        Files.write(file, lines);

        assertThat(folder.read().unusable()).containsExactly(file);
    }
}
