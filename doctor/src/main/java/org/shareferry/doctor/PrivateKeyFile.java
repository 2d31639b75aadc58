// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// What a PEM file of a private key holds.
public sealed interface PrivateKeyFile {
    /// @param key the private half
    record Read(PrivateKey key) implements PrivateKeyFile {
        /// Tries it: signs with the one and verifies with the other.
        ///
        /// @return whether the key is the private half of this public key
        public boolean belongsTo(PublicKey other) {
            try {
                var signature = Signature.getInstance(algorithm());
                var message = "Do these belong together?".getBytes(StandardCharsets.US_ASCII);
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

        private String algorithm() {
            return switch (key.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> key.getAlgorithm();
            };
        }

        @Override
        public String toString() {
            return "a private key (" + key.getAlgorithm() + ")";
        }
    }

    /// @param fault what is wrong with the file
    /// @param why a sentence
    record Unusable(Fault fault, String why) implements PrivateKeyFile {}

    /// @param file PEM: PKCS #8 (`PRIVATE KEY`), or as older programs write it (`RSA PRIVATE KEY`, `EC
    ///     PRIVATE KEY`)
    static PrivateKeyFile read(Path file) {
        byte[] content = {};
        try {
            if (Files.size(file) > CertificateFile.LARGEST) {
                return new Unusable(Fault.NO_KEY, "It is larger than any private key.");
            }
            content = Files.readAllBytes(file);
            return parse(new String(content, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return new Unusable(Fault.MISSING_FILE, "It does not exist.");
        } catch (IOException e) {
            return new Unusable(Fault.UNREADABLE_FILE, "It cannot be read: " + FileAccess.reason(e) + ".");
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static PrivateKeyFile parse(String text) {
        var block = Pattern.compile("-----BEGIN ([A-Z ]*PRIVATE KEY)-----([^-]*)-----END \\1-----")
                .matcher(text);
        if (!block.find()) {
            return new Unusable(Fault.NO_KEY, "It holds no private key in PEM.");
        }
        if (block.group(1).equals("ENCRYPTED PRIVATE KEY") || block.group(2).contains("ENCRYPTED")) {
            return new Unusable(Fault.NO_KEY, "The key is encrypted, and there is nobody to type its passphrase.");
        }
        return switch (block.group(1)) {
            case "PRIVATE KEY" -> decode(block.group(2), der -> der);
            case "RSA PRIVATE KEY" -> decode(block.group(2), PrivateKeyFile::pkcs8OfRsa);
            case "EC PRIVATE KEY" -> decode(block.group(2), PrivateKeyFile::pkcs8OfEc);
            default -> new Unusable(Fault.NO_KEY, "Its form (" + block.group(1) + ") is not PKCS #8.");
        };
    }

    private static PrivateKeyFile decode(String base64, UnaryOperator<byte[]> toPkcs8) {
        try {
            return new Read(key(toPkcs8.apply(Base64.getMimeDecoder().decode(base64))));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            return new Unusable(Fault.NO_KEY, "The private key in it is damaged, or of an unknown kind.");
        }
    }

    private static PrivateKey key(byte[] pkcs8) throws GeneralSecurityException {
        for (var algorithm : List.of("RSA", "EC", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                // Then it is of another kind.
            }
        }
        throw new InvalidKeySpecException("Of no kind that TLS uses.");
    }

    /// RFC 5958 §2 around RFC 8017 appendix A.1.2.
    private static byte[] pkcs8OfRsa(byte[] pkcs1) {
        Der.read(ByteBuffer.wrap(pkcs1));
        var version = HexFormat.of().parseHex("020100");
        var rsa = HexFormat.of().parseHex("300d06092a864886f70d0101010500");
        return Der.write(0x30, version, rsa, Der.write(0x04, pkcs1));
    }

    /// RFC 5958 §2 around RFC 5915 §3, whose parameters become those of the algorithm.
    private static byte[] pkcs8OfEc(byte[] sec1) {
        var fields = Der.read(ByteBuffer.wrap(sec1)).content();
        Der.read(fields);
        Der.read(fields);
        var parameters = Der.read(fields);
        var curve = new byte[parameters.content().remaining()];
        parameters.content().get(curve);
        var version = HexFormat.of().parseHex("020100");
        var ec = HexFormat.of().parseHex("06072a8648ce3d0201");
        return Der.write(0x30, version, Der.write(0x30, ec, curve), Der.write(0x04, sec1));
    }
}
