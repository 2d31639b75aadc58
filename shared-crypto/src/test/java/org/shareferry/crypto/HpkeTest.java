// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Hpke.BodyContext;

/// Each input of sealing has a test in which it alone differs at the opening end.
class HpkeTest {
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final Hpke.Info INFO = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("b")));
    private static final BodyKey.Aad AAD = new BodyKey.Aad(Bytes.ascii("header"));
    private static final SecretBytes BODY = SecretBytes.copyOf(new byte[] {1, 2, 3, 4, 5});
    private static final Bytes DIGEST = Sha256.of(Bytes.ascii("header"));
    private static final BodyContext FIRST = new BodyContext(0, 0, DIGEST);

    @Test
    void a_ciphertext_opens_with_the_same_enc_key_info_and_aad() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, BODY);

        assertThat(sending.enc().size()).isEqualTo(1120);
        assertThat(ciphertext.size()).isEqualTo(BODY.size() + BodyKey.TAG_SIZE);
        assertThat(Hpke.receive(sending.enc(), RECIPIENT, INFO).bodyKey(FIRST).open(AAD, ciphertext))
                .isEqualTo(BODY);
    }

    @Test
    void a_different_info_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, BODY);
        var other = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("c")));

        assertDoesNotOpen(Hpke.receive(sending.enc(), RECIPIENT, other).bodyKey(FIRST), AAD, ciphertext);
    }

    @Test
    void an_info_with_other_part_boundaries_does_not_open() {
        var one = Hpke.Info.of("label", List.of(Bytes.ascii("ab"), Bytes.ascii("c")));
        var other = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("bc")));

        assertThat(one).isNotEqualTo(other);
        // 05 00 00 00 00 00 00 00 "label", 02 00 … "ab", 01 00 … "c"
        assertThat(one.value().toHex())
                .isEqualTo("0500000000000000" + "6c6162656c" + "0200000000000000" + "6162" + "0100000000000000" + "63");
    }

    @Test
    void a_different_aad_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, BODY);

        assertDoesNotOpen(
                Hpke.receive(sending.enc(), RECIPIENT, INFO).bodyKey(FIRST),
                new BodyKey.Aad(Bytes.ascii("heades")),
                ciphertext);
    }

    @Test
    void a_different_recipient_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, BODY);

        assertDoesNotOpen(
                Hpke.receive(sending.enc(), OpeningKey.generate(), INFO).bodyKey(FIRST), AAD, ciphertext);
    }

    @Test
    void a_different_enc_does_not_open() throws Exception {
        var ciphertext = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey(FIRST).seal(AAD, BODY);
        var other = Hpke.send(RECIPIENT.sealingKey(), INFO);

        assertDoesNotOpen(Hpke.receive(other.enc(), RECIPIENT, INFO).bodyKey(FIRST), AAD, ciphertext);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 32, 1088, 1119, 1121, 2240})
    void an_enc_of_another_size_is_refused(int size) {
        assertThatThrownBy(() -> Hpke.receive(Bytes.of(new byte[size]), RECIPIENT, INFO))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("encapsulated key");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15})
    void a_ciphertext_shorter_than_its_tag_is_refused(int size) throws Exception {
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey(FIRST);

        assertThatThrownBy(() -> key.open(AAD, Bytes.of(new byte[size])))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("shorter than its tag");
    }

    @Test
    void a_body_key_seals_once() throws Exception {
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey(FIRST);
        key.seal(AAD, BODY);

        assertThatThrownBy(() -> key.seal(AAD, BODY)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_closed_body_key_neither_seals_nor_opens() throws Exception {
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey(FIRST);
        key.close();

        assertThatThrownBy(() -> key.seal(AAD, BODY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.open(AAD, Bytes.of(new byte[16]))).isInstanceOf(IllegalStateException.class);
        assertThat(key).hasToString("[redacted]");
    }

    /// Bodies go through the cipher in steps of 16 KiB.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 32_768, 100_001})
    void bodies_of_any_size_are_sealed_and_opened(int size) throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var body = SecretBytes.random(size);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, body);

        assertThat(Hpke.receive(sending.enc(), RECIPIENT, INFO).bodyKey(FIRST).open(AAD, ciphertext))
                .isEqualTo(body);
    }

    @Test
    void a_changed_bit_of_a_long_bodys_tag_is_detected() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var changed =
                sending.bodyKey(FIRST).seal(AAD, SecretBytes.random(50_000)).toArray();
        changed[changed.length - 1] ^= 1;

        assertDoesNotOpen(Hpke.receive(sending.enc(), RECIPIENT, INFO).bodyKey(FIRST), AAD, Bytes.of(changed));
    }

    static Stream<BodyContext> otherBodies() {
        return Stream.of(
                new BodyContext(1, 0, DIGEST),
                new BodyContext(0, 1, DIGEST),
                new BodyContext(0, 0, Sha256.of(DIGEST)),
                new BodyContext(3, 0, DIGEST));
    }

    @ParameterizedTest
    @MethodSource("otherBodies")
    void the_key_of_another_body_of_the_same_context_does_not_open(BodyContext other) throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey(FIRST).seal(AAD, BODY);
        var receiving = Hpke.receive(sending.enc(), RECIPIENT, INFO);

        assertDoesNotOpen(receiving.bodyKey(other), AAD, ciphertext);
        assertThat(receiving.bodyKey(FIRST).open(AAD, ciphertext)).isEqualTo(BODY);
    }

    @Test
    void a_body_s_context_frames_label_kind_index_and_digest() {
        assertThat(new BodyContext(3, 258, DIGEST).exporterContext().toHex())
                .isEqualTo(
                        "1200000000000000" + Bytes.ascii("shareferry body v2").toHex()
                                + "0800000000000000" + "0300000000000000"
                                + "0800000000000000" + "0201000000000000"
                                + "2000000000000000" + DIGEST.toHex());
    }

    /// A second key of the same place would be the same key and nonce, or, under another header, another key for a
    /// place that is filled.
    @Test
    void a_context_gives_the_key_of_each_place_once_and_in_order() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var given = List.of(
                sending.bodyKey(FIRST),
                sending.bodyKey(new BodyContext(3, 0, DIGEST)),
                sending.bodyKey(new BodyContext(0, 2, DIGEST)));

        for (var again : List.of(
                FIRST,
                new BodyContext(0, 0, Sha256.of(DIGEST)),
                new BodyContext(0, 1, DIGEST),
                new BodyContext(0, 2, DIGEST),
                new BodyContext(3, 0, DIGEST))) {
            assertThatThrownBy(() -> sending.bodyKey(again))
                    .as(again.toString())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("already used");
        }
        assertThat(given).hasSize(3);
    }

    /// The rule holds whatever became of the first key: here it was closed without sealing.
    @Test
    void an_unused_key_is_not_returned_again() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        sending.bodyKey(FIRST).close();

        assertThatThrownBy(() -> sending.bodyKey(FIRST)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_closed_context_returns_no_key() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var receiving = Hpke.receive(sending.enc(), RECIPIENT, INFO);
        sending.close();
        receiving.close();

        assertThatThrownBy(() -> sending.bodyKey(FIRST)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> receiving.bodyKey(FIRST)).isInstanceOf(IllegalStateException.class);
    }

    /// The provider's context hashes in one object, which several threads would spoil.
    @Test
    void many_threads_can_use_one_context() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var receiving = Hpke.receive(sending.enc(), RECIPIENT, INFO);
        var ciphertexts = IntStream.range(0, 200)
                .mapToObj(i -> sending.bodyKey(new BodyContext(0, i, DIGEST)).seal(AAD, BODY))
                .toList();
        try (var threads = Executors.newFixedThreadPool(8)) {
            var opened = threads.invokeAll(IntStream.range(0, 200)
                    .<Callable<SecretBytes>>mapToObj(i -> () ->
                            receiving.bodyKey(new BodyContext(0, i, DIGEST)).open(AAD, ciphertexts.get(i)))
                    .toList());

            for (var body : opened) {
                assertThat(body.get()).isEqualTo(BODY);
            }
        }
    }

    private static void assertDoesNotOpen(BodyKey key, BodyKey.Aad aad, Bytes ciphertext) {
        assertThatThrownBy(() -> key.open(aad, ciphertext))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("Decryption failed");
    }
}
