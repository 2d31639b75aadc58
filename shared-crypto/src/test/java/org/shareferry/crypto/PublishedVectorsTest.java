// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The primitives give what their standards' own test vectors say.
class PublishedVectorsTest {
    private static final String NOTHING = "''";

    /// RFC 8032 §7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc), as seed, public key, message, signature.
    @ParameterizedTest
    @CsvSource(textBlock = """
            9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,\
            d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,\
            '',\
            e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
            4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,\
            3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,\
            72,\
            92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
            c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,\
            fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,\
            af82,\
            6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
            833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,\
            ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,\
            ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,\
            dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
            """)
    void ed25519_signs_and_verifies_as_rfc_8032(String seed, String publicKey, String message, String signature) {
        var secret = secret(seed);
        var wanted = Bytes.fromHex(signature);

        assertThat(BouncyCastle.ed25519PublicKey(secret).toHex()).isEqualTo(publicKey);
        assertThat(BouncyCastle.isEd25519PublicKey(Bytes.fromHex(publicKey))).isTrue();
        assertThat(BouncyCastle.ed25519Sign(secret, Bytes.fromHex(message))).isEqualTo(wanted);
        assertThat(BouncyCastle.ed25519Verify(Bytes.fromHex(publicKey), Bytes.fromHex(message), wanted))
                .isTrue();
        assertThat(BouncyCastle.ed25519Verify(Bytes.fromHex(publicKey), Bytes.fromHex(message + "00"), wanted))
                .isFalse();
    }

    /// RFC 9180 appendix A.7.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, export-only AEAD, mode base.
    @ParameterizedTest
    @CsvSource({
        NOTHING + ",7a36221bd56d50fb51ee65edfd98d06a23c4dc87085aa5866cb7087244bd2a36",
        "00,d5535b87099c6c3ce80dc112a2671c6ec8e811a2f284f948cec6dd1708ee33f0",
        "54657374436f6e74657874,ffaabc85a776136ca0c378e5d084c9140ab552b78f039d2e8775f26efff4c70e"
    })
    void hpke_exports_as_rfc_9180(String context, String exported) throws Exception {
        var suite = BouncyCastle.Suite.X25519;
        var info = Bytes.fromHex("4f6465206f6e2061204772656369616e2055726e");
        var recipientPublic = Bytes.fromHex("194141ca6c3c3beb4792cd97ba0ea1faff09d98435012345766ee33aae2d7664");
        var recipientPrivate = secret("33d196c830a12f9ac65d6e565a590d80f04ee9b19c83c87f2c170d972a812848");
        var ephemeralPrivate = secret("095182b502f1f91f63ba584c7c3ec473d617b8b4c2cec3fad5af7fa6748165ed");
        var ephemeralPublic = Bytes.fromHex("e5e8f9bfff6c2f29791fc351d2c25ce1299aa5eaca78a757c0b4fb4bcd830918");

        var sent = BouncyCastle.send(suite, recipientPublic, info, ephemeralPrivate, ephemeralPublic);
        var received = BouncyCastle.receive(suite, sent.enc(), recipientPrivate, recipientPublic, info);

        assertThat(sent.enc()).isEqualTo(ephemeralPublic);
        assertThat(sent.exporter().export(Bytes.fromHex(context), 32)).isEqualTo(secret(exported));
        assertThat(received.export(Bytes.fromHex(context), 32)).isEqualTo(secret(exported));
    }

    /// RFC 5869 appendix A.1 … A.3, as input key, salt, info, size, output.
    @ParameterizedTest
    @CsvSource(textBlock = """
            0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,\
            000102030405060708090a0b0c,\
            f0f1f2f3f4f5f6f7f8f9,\
            3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865
            000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f404142434445464748494a4b4c4d4e4f,\
            606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9fa0a1a2a3a4a5a6a7a8a9aaabacadaeaf,\
            b0b1b2b3b4b5b6b7b8b9babbbcbdbebfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff,\
            b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87
            0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b,\
            '',\
            '',\
            8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8
            """)
    void hkdf_derives_as_rfc_5869(String inputKey, String salt, String info, String output) {
        var derived = Hkdf.derive(secret(inputKey), Bytes.fromHex(salt), Bytes.fromHex(info), output.length() / 2);

        assertThat(derived).isEqualTo(secret(output));
    }

    /// The GCM specification (McGrew, Viega), test cases 13 and 14 for the zero key: H is the cipher of block
    /// 0, E(K, Y0) of block 1, and the ciphertext of zeros of block 2.
    @Test
    void a_key_stream_is_aes_256_of_0_1_2() {
        var stream = new byte[48];

        KeyStream.of(SecretBytes.copyOf(new byte[32])).next(stream);

        assertThat(Bytes.of(stream).toHex())
                .isEqualTo("dc95c078a2408989ad48a21492842087"
                        + "530f8afbc74536b9a963b4f1c4cb738b"
                        + "cea7403d4d606b6e074ec5d3baf39d18");
    }

    /// NIST SP 800-38A §6.5 counts the blocks; here with FIPS 197's AES alone, past two carries of the
    /// counter.
    @Test
    void a_key_stream_counts_blocks_big_endian_and_reads_on_where_it_stopped() throws Exception {
        // FIPS 197 appendix C.3
        var key = secret("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        var aes = Cipher.getInstance("AES/ECB/NoPadding");
        aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.reveal(), "AES"));
        assertThat(aes.doFinal(Bytes.fromHex("00112233445566778899aabbccddeeff").toArray()))
                .isEqualTo(Bytes.fromHex("8ea2b7ca516745bfeafc49904b496089").toArray());
        var stream = KeyStream.of(key);
        var start = new byte[16 * 65_536 - 5];
        var rest = new byte[5 + 16];

        stream.next(start);
        stream.next(rest);

        assertThat(Arrays.copyOfRange(start, 16 * 256, 16 * 257))
                .isEqualTo(aes.doFinal(
                        Bytes.fromHex("00000000000000000000000000000100").toArray()));
        assertThat(Arrays.copyOfRange(rest, 5, 21))
                .isEqualTo(aes.doFinal(
                        Bytes.fromHex("00000000000000000000000000010000").toArray()));
    }

    /// NIST's SHAKE256 example values: the empty message and `abc`, 64 bytes of output each.
    @ParameterizedTest
    @CsvSource(textBlock = """
            '',46b9dd2b0ba88d13233b3feb743eeb243fcd52ea62b81b82b50c27646ed5762fd75dc4ddd8c0f200cb05019d67b592f6fc821c49479ab48640292eacb3b7c4be
            abc,483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4
            """)
    void shake_256_gives_the_published_output_however_it_is_read(String message, String output) {
        var whole = new byte[64];
        var first = new byte[13];
        var second = new byte[51];
        var pieces = Shake256.of(Bytes.ascii(message));

        Shake256.of(Bytes.ascii(message)).next(whole);
        pieces.next(first);
        pieces.next(second);

        assertThat(Bytes.of(whole).toHex()).isEqualTo(output);
        assertThat(Bytes.of(first).toHex() + Bytes.of(second).toHex()).isEqualTo(output);
    }

    @Test
    void a_word_of_shake_256_is_little_endian() {
        // The first 8 bytes for the empty message: 46 b9 dd 2b 0b a8 8d 13.
        assertThat(Shake256.of(Bytes.empty()).nextWord()).isEqualTo(0x138da80b2bddb946L);
    }

    /// FIPS 180-4, NIST's example values: the empty message, `abc` and a message of two blocks.
    @ParameterizedTest
    @CsvSource({
        NOTHING + ",e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "abc,ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq,"
                + "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    })
    void sha_256_gives_the_published_digest(String message, String digest) {
        assertThat(Sha256.of(Bytes.ascii(message)).toHex()).isEqualTo(digest);
        assertThat(Sha256.begin().addLabel(message).digest().toHex()).isEqualTo(digest);
        assertThat(Sha256.begin()
                        .add(SecretBytes.copyOf(Bytes.ascii(message).toArray()))
                        .digest()
                        .toHex())
                .isEqualTo(digest);
    }

    /// The GCM specification (McGrew, Viega), test cases 13, 14 and 16, as key, nonce, aad, plaintext,
    /// ciphertext with tag.
    @ParameterizedTest
    @CsvSource(textBlock = """
            0000000000000000000000000000000000000000000000000000000000000000,000000000000000000000000,'','',\
            530f8afbc74536b9a963b4f1c4cb738b
            0000000000000000000000000000000000000000000000000000000000000000,000000000000000000000000,'',\
            00000000000000000000000000000000,\
            cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919
            feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308,cafebabefacedbaddecaf888,\
            feedfacedeadbeeffeedfacedeadbeefabaddad2,\
            d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39,\
            522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b
            """)
    void a_body_key_seals_and_opens_as_the_gcm_specification(
            String key, String nonce, String aad, String plaintext, String ciphertext) throws Exception {
        var bound = new BodyKey.Aad(Bytes.fromHex(aad));

        assertThat(new BodyKey(secret(key), secret(nonce)).seal(bound, secret(plaintext)))
                .isEqualTo(Bytes.fromHex(ciphertext));
        assertThat(new BodyKey(secret(key), secret(nonce)).open(bound, Bytes.fromHex(ciphertext)))
                .isEqualTo(secret(plaintext));
    }

    private static SecretBytes secret(String hex) {
        return SecretBytes.copyOf(Bytes.fromHex(hex).toArray());
    }
}
