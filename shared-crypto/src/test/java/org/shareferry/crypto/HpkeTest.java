// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each input of sealing has a test in which it alone differs at the opening end.
class HpkeTest {
    private static final OpeningKey RECIPIENT = OpeningKey.generate();
    private static final Hpke.Info INFO = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("b")));
    private static final BodyKey.Aad AAD = new BodyKey.Aad(Bytes.ascii("header"));
    private static final SecretBytes BODY = SecretBytes.copyOf(new byte[] {1, 2, 3, 4, 5});

    @Test
    void what_was_sealed_opens_with_the_same_enc_key_info_and_aad() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey().seal(AAD, BODY);

        assertThat(sending.enc().size()).isEqualTo(1120);
        assertThat(ciphertext.size()).isEqualTo(BODY.size() + BodyKey.TAG_SIZE);
        assertThat(Hpke.receive(sending.enc(), RECIPIENT, INFO).open(AAD, ciphertext))
                .isEqualTo(BODY);
    }

    @Test
    void another_info_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey().seal(AAD, BODY);
        var other = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("c")));

        assertDoesNotOpen(Hpke.receive(sending.enc(), RECIPIENT, other), AAD, ciphertext);
    }

    @Test
    void parts_of_an_info_cannot_be_cut_elsewhere() {
        var one = Hpke.Info.of("label", List.of(Bytes.ascii("ab"), Bytes.ascii("c")));
        var other = Hpke.Info.of("label", List.of(Bytes.ascii("a"), Bytes.ascii("bc")));

        assertThat(one).isNotEqualTo(other);
        // 05 00 00 00 00 00 00 00 "label", 02 00 … "ab", 01 00 … "c"
        assertThat(one.value().toHex())
                .isEqualTo("0500000000000000" + "6c6162656c" + "0200000000000000" + "6162" + "0100000000000000" + "63");
    }

    @Test
    void another_aad_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey().seal(AAD, BODY);

        assertDoesNotOpen(
                Hpke.receive(sending.enc(), RECIPIENT, INFO), new BodyKey.Aad(Bytes.ascii("heades")), ciphertext);
    }

    @Test
    void another_recipient_does_not_open() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var ciphertext = sending.bodyKey().seal(AAD, BODY);

        assertDoesNotOpen(Hpke.receive(sending.enc(), OpeningKey.generate(), INFO), AAD, ciphertext);
    }

    @Test
    void another_enc_does_not_open() throws Exception {
        var ciphertext = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey().seal(AAD, BODY);
        var other = Hpke.send(RECIPIENT.sealingKey(), INFO);

        assertDoesNotOpen(Hpke.receive(other.enc(), RECIPIENT, INFO), AAD, ciphertext);
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
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey();

        assertThatThrownBy(() -> key.open(AAD, Bytes.of(new byte[size])))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("shorter than its tag");
    }

    @Test
    void a_body_key_seals_once() throws Exception {
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey();
        key.seal(AAD, BODY);

        assertThatThrownBy(() -> key.seal(AAD, BODY)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_closed_body_key_neither_seals_nor_opens() throws Exception {
        var key = Hpke.send(RECIPIENT.sealingKey(), INFO).bodyKey();
        key.close();

        assertThatThrownBy(() -> key.seal(AAD, BODY)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> key.open(AAD, Bytes.of(new byte[16]))).isInstanceOf(IllegalStateException.class);
        assertThat(key).hasToString("[redacted]");
    }

    /// Bodies go through the cipher in steps of 16 KiB.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 16_383, 16_384, 16_385, 32_768, 100_001})
    void bodies_of_any_size_open_to_themselves(int size) throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var body = SecretBytes.random(size);
        var ciphertext = sending.bodyKey().seal(AAD, body);

        assertThat(Hpke.receive(sending.enc(), RECIPIENT, INFO).open(AAD, ciphertext))
                .isEqualTo(body);
    }

    @Test
    void a_tag_of_a_long_body_counts_to_the_last_bit() throws Exception {
        var sending = Hpke.send(RECIPIENT.sealingKey(), INFO);
        var changed = sending.bodyKey().seal(AAD, SecretBytes.random(50_000)).toArray();
        changed[changed.length - 1] ^= 1;

        assertDoesNotOpen(Hpke.receive(sending.enc(), RECIPIENT, INFO), AAD, Bytes.of(changed));
    }

    private static void assertDoesNotOpen(BodyKey key, BodyKey.Aad aad, Bytes ciphertext) {
        assertThatThrownBy(() -> key.open(aad, ciphertext))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("does not open");
    }
}
