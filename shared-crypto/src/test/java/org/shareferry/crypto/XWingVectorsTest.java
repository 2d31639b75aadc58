// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Base64;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// X-Wing and HPKE with X-Wing against the drafts' own vectors. Those are of another AEAD than ours, which
/// enters the key schedule, so this test has RFC 9180 §5.1 and §5.3 a second time: first it must give the
/// published exports, then it tells what our suite must export from the same published shared secret.
class XWingVectorsTest {
    private static final String CHACHA20_POLY1305 = "0003";
    private static final String EXPORT_ONLY = "ffff";

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void a_seed_gives_the_public_key_of_the_xwing_draft(int vector) throws Exception {
        var vectors = PublishedVectors.of("xwing");

        var publicKey = BouncyCastle.xwingPublicKey(vectors.secret(vector + ".seed"));

        assertThat(publicKey).isEqualTo(vectors.bytes(vector + ".publicKey"));
        assertThat(SealingKey.of(publicKey).raw()).isEqualTo(publicKey);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void decapsulating_gives_the_shared_secret_of_the_xwing_draft(int vector) throws Exception {
        var vectors = PublishedVectors.of("xwing");
        var info = Bytes.ascii("an info");
        var context = Bytes.ascii("a context");

        var exporter = BouncyCastle.receive(
                BouncyCastle.Suite.XWING,
                vectors.bytes(vector + ".enc"),
                vectors.secret(vector + ".seed"),
                vectors.bytes(vector + ".publicKey"),
                info);

        assertThat(exporter.export(context, 32))
                .isEqualTo(exported(EXPORT_ONLY, vectors.bytes(vector + ".sharedSecret"), info, context));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4})
    void our_suite_exports_what_follows_from_the_hpke_draft(int export) throws Exception {
        var vectors = PublishedVectors.of("hpke-xwing");
        var info = vectors.bytes("info");
        var sharedSecret = vectors.bytes("sharedSecret");
        var context = vectors.bytes("export." + export + ".context");

        assertThat(exported(CHACHA20_POLY1305, sharedSecret, info, context))
                .isEqualTo(vectors.secret("export." + export + ".value"));
        assertThat(BouncyCastle.receive(
                                BouncyCastle.Suite.XWING,
                                vectors.bytes("enc"),
                                vectors.secret("seed"),
                                vectors.bytes("publicKey"),
                                info)
                        .export(context, 32))
                .isEqualTo(exported(EXPORT_ONLY, sharedSecret, info, context));
    }

    /// The example key of draft-connolly-cfrg-xwing-kem-10, x509/xwing.priv: its seed is 00 01 02 … 1f.
    @Test
    void a_private_key_is_written_and_read_as_in_the_xwing_draft() throws Exception {
        var pkcs8 =
                Base64.getDecoder().decode("MDQCAQAwDQYLKwYBBAGD5i2ByHoEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f");

        try (var key = OpeningKey.fromPkcs8(SecretBytes.copyOf(pkcs8))) {
            assertThat(key.toPkcs8().reveal()).isEqualTo(pkcs8);
            assertThat(key.sealingKey().raw().toHex()).startsWith("6f54098a0a0e641146614b6960ba60d8");
            assertThat(key.sealingKey().id())
                    .hasToString("11f463e56a32c42e69011a2c34e0487090b71b07be7356a91f5b9452ca3c0695");
        }
    }

    /// `KeySchedule` of mode base (RFC 9180 §5.1) and `Context.Export` (§5.3), with the JDK's HKDF.
    private static SecretBytes exported(String aead, Bytes sharedSecret, Bytes info, Bytes context) throws Exception {
        var suite = concat(Bytes.ascii("HPKE"), Bytes.fromHex("647a0001" + aead));
        var hash = concat(
                Bytes.of((byte) 0),
                labeledExtract(suite, Bytes.empty(), "psk_id_hash", Bytes.empty()),
                labeledExtract(suite, Bytes.empty(), "info_hash", info));
        var secret = labeledExtract(suite, sharedSecret, "secret", Bytes.empty());
        var exporterSecret = labeledExpand(suite, secret, "exp", hash);
        return SecretBytes.copyOf(
                labeledExpand(suite, exporterSecret, "sec", context).toArray());
    }

    private static Bytes labeledExtract(Bytes suite, Bytes salt, String label, Bytes inputKey) throws Exception {
        var labeled = concat(Bytes.ascii("HPKE-v1"), suite, Bytes.ascii(label), inputKey);
        return Bytes.of(KDF.getInstance("HKDF-SHA256")
                .deriveData(HKDFParameterSpec.ofExtract()
                        .addSalt(salt.toArray())
                        .addIKM(labeled.toArray())
                        .extractOnly()));
    }

    private static Bytes labeledExpand(Bytes suite, Bytes key, String label, Bytes info) throws Exception {
        var labeled = concat(Bytes.of((byte) 0, (byte) 32), Bytes.ascii("HPKE-v1"), suite, Bytes.ascii(label), info);
        SecretKey prk = new SecretKeySpec(key.toArray(), "HKDF-PRK");
        return Bytes.of(
                KDF.getInstance("HKDF-SHA256").deriveData(HKDFParameterSpec.expandOnly(prk, labeled.toArray(), 32)));
    }

    private static Bytes concat(Bytes... parts) {
        int size = 0;
        for (var part : parts) {
            size += part.size();
        }
        var all = ByteBuffer.allocate(size);
        for (var part : parts) {
            all.put(part.toArray());
        }
        return Bytes.of(all.array());
    }
}
