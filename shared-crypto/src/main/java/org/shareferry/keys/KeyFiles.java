// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;

/// Private keys on disk: PKCS#8 in PEM (RFC 7468 §10). They are made readable by their owner only. A file that
/// breaks the rule of [PrivateFile] is refused, because its key must be considered compromised.
public final class KeyFiles {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int MAX_SIZE = 16 * 1024;

    private KeyFiles() {}

    /// @param file must not exist yet
    /// @throws KeyFileException when it exists or cannot be written
    public static void write(Path file, IdentityKey key) throws KeyFileException {
        try (var pkcs8 = key.toPkcs8()) {
            writePem(file, pkcs8);
        }
    }

    /// @param file must not exist yet
    /// @throws KeyFileException when it exists or cannot be written
    public static void write(Path file, OpeningKey key) throws KeyFileException {
        try (var pkcs8 = key.toPkcs8()) {
            writePem(file, pkcs8);
        }
    }

    /// @return the key, which the caller closes
    /// @throws KeyFileException when the file is missing, readable by others, or holds something else
    public static IdentityKey readIdentityKey(Path file) throws KeyFileException {
        try (var pkcs8 = readPem(file)) {
            return IdentityKey.fromPkcs8(pkcs8);
        } catch (CryptoException e) {
            throw new KeyFileException(file + " holds no Ed25519 private key; make one with `shareferry keygen`.", e);
        }
    }

    /// @return the key, which the caller closes
    /// @throws KeyFileException when the file is missing, readable by others, or holds something else
    public static OpeningKey readOpeningKey(Path file) throws KeyFileException {
        try (var pkcs8 = readPem(file)) {
            return OpeningKey.fromPkcs8(pkcs8);
        } catch (CryptoException e) {
            throw new KeyFileException(file + " holds no X-Wing private key; restore it from a backup.", e);
        }
    }

    /// Writes any private key.
    ///
    /// @param file must not exist yet
    /// @param pkcs8 DER of an unencrypted PrivateKeyInfo
    /// @throws KeyFileException when it exists or cannot be written
    public static void writePem(Path file, SecretBytes pkcs8) throws KeyFileException {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(pkcs8.reveal());
        var begin = (BEGIN + "\n").getBytes(StandardCharsets.US_ASCII);
        var end = ("\n" + END + "\n").getBytes(StandardCharsets.US_ASCII);
        var content = ByteBuffer.allocate(begin.length + base64.length + end.length);
        content.put(begin).put(base64).put(end).flip();
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, PrivateFile.OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException(file + " exists already and is left as it is; move it away first.", e);
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be written; check that its folder exists and is yours.", e);
        } finally {
            Arrays.fill(base64, (byte) 0);
            Arrays.fill(content.array(), (byte) 0);
        }
    }

    /// Reads any private key.
    ///
    /// @return DER of an unencrypted PrivateKeyInfo, which the caller closes
    /// @throws KeyFileException when the file is missing, readable by others, or not one PEM block
    public static SecretBytes readPem(Path file) throws KeyFileException {
        checkPrivate(file);
        byte[] content = {};
        try {
            if (Files.size(file) > MAX_SIZE) {
                throw new KeyFileException(file + " is too large for a private key; check that it is the right file.");
            }
            content = Files.readAllBytes(file);
            return SecretBytes.takeOver(decode(file, content));
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be read; check its owner.", e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static byte[] decode(Path file, byte[] content) throws KeyFileException {
        var text = new String(content, StandardCharsets.US_ASCII).strip();
        if (!text.startsWith(BEGIN) || !text.endsWith(END) || text.length() < BEGIN.length() + END.length()) {
            throw new KeyFileException(file + " is not one PEM block headed PRIVATE KEY (PKCS#8, not encrypted).");
        }
        try {
            // Not the MIME decoder: it passes over whatever is not base64, and would read a damaged key.
            var lines = text.substring(BEGIN.length(), text.length() - END.length());
            return Base64.getDecoder().decode(lines.replaceAll("[ \\t\\r\\n]", ""));
        } catch (IllegalArgumentException e) {
            throw new KeyFileException(file + " is damaged: its base64 does not decode.", e);
        }
    }

    private static void checkPrivate(Path file) throws KeyFileException {
        try {
            var exposure = PrivateFile.exposure(file);
            if (exposure.isPresent()) {
                throw new KeyFileException(file + " is open to " + exposure.get() + ": run `chmod 600 " + file
                        + "`, and replace the key if anyone else uses this machine.");
            }
        } catch (NoSuchFileException e) {
            throw new KeyFileException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be examined; check its owner.", e);
        }
    }
}
