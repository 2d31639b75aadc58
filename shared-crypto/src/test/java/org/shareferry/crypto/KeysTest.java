// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Identity, sealing and opening keys: what is one and what is not.
class KeysTest {
    private static final List<Bytes> PARTS = List.of(Bytes.ascii("ab"), Bytes.ascii("c"));

    /// RFC 8032 §7.1 TEST 1 in the PrivateKeyInfo of RFC 8410 §7; the id is of its SubjectPublicKeyInfo in DER, as
    /// `openssl pkey -pubin -outform DER | sha256sum` prints it.
    @Test
    void an_identity_key_is_read_from_pkcs8_and_written_as_it_was() throws Exception {
        var pkcs8 = SecretBytes.copyOf(Bytes.fromHex("302e020100300506032b657004220420"
                        + "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
                .toArray());

        try (var key = IdentityKey.fromPkcs8(pkcs8)) {
            assertThat(key.publicKey().raw().toHex())
                    .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
            assertThat(key.publicKey().id())
                    .hasToString("06e3fd8fda29bb60ab59557de61edb0aecdb231134be30e75b455f8e1b792fa9");
            assertThat(key.toPkcs8()).isEqualTo(pkcs8);
        }
    }

    @Test
    void a_signature_verifies_for_the_same_purpose_and_parts() {
        try (var key = IdentityKey.generate()) {
            var signature = key.sign(SigningContext.RECEIPT, PARTS);

            assertThat(key.publicKey().verifies(SigningContext.RECEIPT, PARTS, signature))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RECEIPT")
    void a_signature_does_not_verify_for_another_purpose(SigningContext other) {
        try (var key = IdentityKey.generate()) {
            var signature = key.sign(SigningContext.RECEIPT, PARTS);

            assertThat(key.publicKey().verifies(other, PARTS, signature)).isFalse();
        }
    }

    @Test
    void a_signature_does_not_verify_for_other_part_boundaries() {
        try (var key = IdentityKey.generate()) {
            var signature = key.sign(SigningContext.RECEIPT, PARTS);
            var cut = List.of(Bytes.ascii("a"), Bytes.ascii("bc"));

            assertThat(key.publicKey().verifies(SigningContext.RECEIPT, cut, signature))
                    .isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 63, 65})
    void a_signature_of_another_size_does_not_verify(int size) {
        try (var key = IdentityKey.generate()) {
            var signature =
                    Arrays.copyOf(key.sign(SigningContext.RECEIPT, PARTS).toArray(), size);

            assertThat(key.publicKey().verifies(SigningContext.RECEIPT, PARTS, Bytes.of(signature)))
                    .isFalse();
        }
    }

    /// RFC 8032 §5.1.7 wants 0 ≤ S < L: otherwise each signature has a second form.
    @Test
    void a_signature_whose_scalar_is_not_reduced_does_not_verify() {
        var order = BigInteger.ONE.shiftLeft(252).add(new BigInteger("27742317777372353535851937790883648493"));
        try (var key = IdentityKey.generate()) {
            var signature = key.sign(SigningContext.RECEIPT, PARTS).toArray();
            var scalar = reversed(Arrays.copyOfRange(signature, 32, 64));
            var other = new BigInteger(1, scalar).add(order).toByteArray();
            var second = new byte[32];
            System.arraycopy(other, 0, second, 32 - other.length, other.length);
            System.arraycopy(reversed(second), 0, signature, 32, 32);

            assertThat(key.publicKey().verifies(SigningContext.RECEIPT, PARTS, Bytes.of(signature)))
                    .isFalse();
        }
    }

    /// Points of small order (RFC 7748 §6, RFC 8032 §5.1): for these one signature fits many messages. And
    /// bytes that encode no point, or not in the one way.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                // order 1: y = 1
                "0100000000000000000000000000000000000000000000000000000000000000",
                // order 2: y = -1
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                // order 4: y = 0
                "0000000000000000000000000000000000000000000000000000000000000000",
                // order 8
                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
                // y = 1 written as p + 1
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                // y = 2: no such point
                "0200000000000000000000000000000000000000000000000000000000000000",
                // one byte more than TEST 1 of RFC 8032
                "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a00"
            })
    void bytes_that_are_no_point_of_full_order_are_no_identity_key(String hex) {
        assertThatThrownBy(() -> IdentityPublicKey.of(Bytes.fromHex(hex))).isInstanceOf(CryptoException.class);
    }

    @Test
    void a_sealing_key_with_a_coefficient_beyond_the_modulus_is_refused() {
        // FIPS 203 §7.2: the first coefficient as 12 ones, more than q = 3329
        try (var key = OpeningKey.generate()) {
            var raw = key.sealingKey().raw().toArray();
            raw[0] = (byte) 0xff;
            raw[1] |= 0x0f;

            assertThatThrownBy(() -> SealingKey.of(Bytes.of(raw))).isInstanceOf(CryptoException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 32, 1184, 1215, 1217})
    void a_sealing_key_of_another_size_is_refused(int size) {
        try (var key = OpeningKey.generate()) {
            var raw = Arrays.copyOf(key.sealingKey().raw().toArray(), size);

            assertThatThrownBy(() -> SealingKey.of(Bytes.of(raw))).isInstanceOf(CryptoException.class);
        }
    }

    @Test
    void generated_keys_differ() {
        try (var one = IdentityKey.generate();
                var other = IdentityKey.generate();
                var opening = OpeningKey.generate();
                var otherOpening = OpeningKey.generate()) {
            assertThat(one.publicKey()).isNotEqualTo(other.publicKey());
            assertThat(opening.sealingKey()).isNotEqualTo(otherOpening.sealingKey());
        }
    }

    @Test
    void keys_are_compared_by_value() throws Exception {
        try (var identity = IdentityKey.generate();
                var opening = OpeningKey.generate()) {
            var samePublic = IdentityPublicKey.of(identity.publicKey().raw());
            var sameSealing = SealingKey.of(opening.sealingKey().raw());

            assertThat(samePublic).isEqualTo(identity.publicKey()).hasSameHashCodeAs(identity.publicKey());
            assertThat(sameSealing).isEqualTo(opening.sealingKey()).hasSameHashCodeAs(opening.sealingKey());
            assertThat(Objects.equals(samePublic, sameSealing)).isFalse();
            assertThat(Objects.equals(sameSealing, samePublic)).isFalse();
        }
    }

    @Test
    void pkcs8_of_one_kind_is_not_read_as_the_other() {
        try (var identity = IdentityKey.generate();
                var opening = OpeningKey.generate()) {
            assertThatThrownBy(() -> IdentityKey.fromPkcs8(opening.toPkcs8()))
                    .isInstanceOf(CryptoException.class)
                    .hasMessageContaining("Ed25519");
            assertThatThrownBy(() -> OpeningKey.fromPkcs8(identity.toPkcs8()))
                    .isInstanceOf(CryptoException.class)
                    .hasMessageContaining("X-Wing");
        }
    }

    @Test
    void private_keys_print_the_id_of_their_public_half_and_nothing_else() {
        try (var identity = IdentityKey.generate();
                var opening = OpeningKey.generate()) {
            assertThat(identity)
                    .hasToString("private key of identity key "
                            + identity.publicKey().id());
            assertThat(opening)
                    .hasToString(
                            "private key of sealing key " + opening.sealingKey().id());
        }
    }

    @Test
    void a_closed_key_cannot_sign_or_open() throws Exception {
        var identity = IdentityKey.generate();
        var opening = OpeningKey.generate();
        var enc = Hpke.send(opening.sealingKey(), new Hpke.Info(Bytes.empty())).enc();
        identity.close();
        opening.close();

        assertThatThrownBy(() -> identity.sign(SigningContext.RECEIPT, PARTS))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Hpke.receive(enc, opening, new Hpke.Info(Bytes.empty())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_key_id_has_32_bytes() {
        assertThatThrownBy(() -> new KeyId(Bytes.of(new byte[31]))).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] reversed(byte[] bytes) {
        var reversed = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            reversed[i] = bytes[bytes.length - 1 - i];
        }
        return reversed;
    }
}
