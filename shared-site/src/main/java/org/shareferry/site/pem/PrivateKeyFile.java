// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.RSAPrivateKey;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.keys.PemBlock;

/// The content of a PEM file with a private key.
public sealed interface PrivateKeyFile {
    /// @param key the private half
    record Read(PrivateKey key) implements PrivateKeyFile {
        /// Tests the pair by signing and verifying.
        ///
        /// @return whether the two keys belong together
        public boolean belongsTo(PublicKey other) {
            try {
                var signature = signature();
                var message = new byte[] {1};
                signature.initSign(key);
                signature.update(message);
                var signed = signature.sign();
                signature.initVerify(other);
                signature.update(message);
                return signature.verify(signed);
            } catch (GeneralSecurityException e) {
                return false;
            }
        }

        private Signature signature() throws GeneralSecurityException {
            return switch (key.getAlgorithm()) {
                case "RSA" -> Signature.getInstance("SHA256withRSA");
                case "EC" -> Signature.getInstance("SHA256withECDSA");
                case "RSASSA-PSS" -> pss();
                default -> Signature.getInstance(key.getAlgorithm());
            };
        }

        private Signature pss() throws GeneralSecurityException {
            var signature = Signature.getInstance("RSASSA-PSS");
            signature.setParameter(
                    key instanceof RSAKey rsa && rsa.getParams() != null
                            ? rsa.getParams()
                            : new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
            return signature;
        }

        @Override
        public String toString() {
            return "a private key (" + key.getAlgorithm() + ")";
        }
    }

    /// @param fault what is wrong with the file
    /// @param why a sentence, which does not name the file
    record Unusable(PemFault fault, String why) implements PrivateKeyFile {}

    /// Reads the first private key of a file and skips other content.
    ///
    /// @param file PEM: PKCS #8 (`PRIVATE KEY`), or the older formats (`RSA PRIVATE KEY`, `EC PRIVATE KEY`)
    static PrivateKeyFile read(Path file) {
        var content = PemContent.read(file, CertificateFile.LARGEST);
        try {
            return parse(content);
        } finally {
            content.wipe();
        }
    }

    /// @param content of a whole file; the caller wipes it
    static PrivateKeyFile parse(PemContent content) {
        return switch (content) {
            case PemContent.Unread unread -> new Unusable(unread.fault(), unread.why());
            case PemContent.TooLarge large -> new Unusable(PemFault.NO_KEY, "It is too large for a private key.");
            case PemContent.Read read -> parse(read.content());
        };
    }

    /// @param content of a whole file; the caller closes it
    static PrivateKeyFile parse(SecretBytes content) {
        var blocks = PemBlock.in(content.reveal());
        return blocks.stream()
                .filter(block -> block.label().endsWith("PRIVATE KEY"))
                .findFirst()
                .map(PrivateKeyFile::parse)
                .orElseGet(() -> new Unusable(
                        PemFault.NO_KEY, "It contains no private key in PEM" + PemContent.instead(blocks) + "."));
    }

    private static PrivateKeyFile parse(PemBlock block) {
        if (block.isEncrypted()) {
            return new Unusable(
                    PemFault.ENCRYPTED,
                    "Its private key is encrypted, and a service cannot ask for a passphrase;"
                            + " decrypt it with openssl pkey.");
        }
        return block.der()
                .map(der -> {
                    try (der) {
                        return key(block.label(), der.reveal());
                    }
                })
                .orElseGet(PrivateKeyFile::damaged);
    }

    private static Unusable damaged() {
        return new Unusable(PemFault.NO_KEY, "The private key in it is damaged.");
    }

    private static PrivateKeyFile key(String label, byte[] der) {
        byte[] encoded = {};
        try {
            var info = info(label, der);
            if (info == null) {
                return new Unusable(
                        PemFault.UNSUPPORTED,
                        "A private key in the form " + label + " is not supported;"
                                + " convert it to PKCS #8 with openssl pkey.");
            }
            var unsupported = KeyKind.unsupported(info.getPrivateKeyAlgorithm());
            if (unsupported.isPresent()) {
                return new Unusable(
                        PemFault.UNSUPPORTED,
                        "Its private key is " + unsupported.get() + "; " + KeyKind.SUPPORTED + ".");
            }
            encoded = info.getEncoded();
            var algorithm = KeyKind.algorithm(info.getPrivateKeyAlgorithm()).orElseThrow();
            return new Read(KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            // The exception is not reported, because it could quote the key.
            return damaged();
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /// @return the key as PKCS #8 (RFC 5958 §2); null for an unknown format
    private static @Nullable PrivateKeyInfo info(String label, byte[] der) throws IOException {
        return switch (label) {
            case "PRIVATE KEY" -> PrivateKeyInfo.getInstance(der);
            case "RSA PRIVATE KEY" ->
                new PrivateKeyInfo(
                        new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE),
                        RSAPrivateKey.getInstance(der));
            case "EC PRIVATE KEY" -> {
                var key = ECPrivateKey.getInstance(der);
                yield new PrivateKeyInfo(
                        new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, key.getParametersObject()), key);
            }
            default -> null;
        };
    }
}
