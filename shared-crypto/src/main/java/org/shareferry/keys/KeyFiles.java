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
import java.util.List;
import java.util.Set;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.file.BoundedFile;

/// Private keys on disk: PKCS#8 in PEM (RFC 7468 §10). They are created with access for their owner only. A file
/// that violates the rule of [PrivateFile] is refused, because its key may be compromised.
public final class KeyFiles {
    private static final String LABEL = "PRIVATE KEY";
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

    /// @return the key; the caller closes it
    /// @throws KeyFileException when the file is missing, readable by others, or contains something else
    public static IdentityKey readIdentityKey(Path file) throws KeyFileException {
        try (var pkcs8 = readPem(file)) {
            return IdentityKey.fromPkcs8(pkcs8);
        } catch (CryptoException e) {
            throw new KeyFileException(
                    file + " does not contain an Ed25519 private key; create one with `shareferry keygen`.", e);
        }
    }

    /// @return the key; the caller closes it
    /// @throws KeyFileException when the file is missing, readable by others, or contains something else
    public static OpeningKey readOpeningKey(Path file) throws KeyFileException {
        try (var pkcs8 = readPem(file)) {
            return OpeningKey.fromPkcs8(pkcs8);
        } catch (CryptoException e) {
            throw new KeyFileException(file + " does not contain an X-Wing private key; restore it from a backup.", e);
        }
    }

    /// Writes any private key.
    ///
    /// @param file must not exist yet
    /// @param pkcs8 DER of an unencrypted PrivateKeyInfo
    /// @throws KeyFileException when it exists or cannot be written
    public static void writePem(Path file, SecretBytes pkcs8) throws KeyFileException {
        var base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encode(pkcs8.reveal());
        var begin = ("-----BEGIN " + LABEL + "-----\n").getBytes(StandardCharsets.US_ASCII);
        var end = ("\n-----END " + LABEL + "-----\n").getBytes(StandardCharsets.US_ASCII);
        var content = ByteBuffer.allocate(begin.length + base64.length + end.length);
        content.put(begin).put(base64).put(end).flip();
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try (var channel = Files.newByteChannel(file, options, PrivateFile.OWNER_ONLY)) {
            while (content.hasRemaining()) {
                channel.write(content);
            }
        } catch (FileAlreadyExistsException e) {
            throw new KeyFileException(file + " already exists and is not overwritten; move it away first.", e);
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be written; check that its folder exists and is yours.", e);
        } finally {
            Arrays.fill(base64, (byte) 0);
            Arrays.fill(content.array(), (byte) 0);
        }
    }

    /// Reads any private key.
    ///
    /// @return DER of an unencrypted PrivateKeyInfo; the caller closes it
    /// @throws KeyFileException when the file is missing, readable by others, or not one PEM block of a key
    public static SecretBytes readPem(Path file) throws KeyFileException {
        requirePrivate(file);
        byte[] content = {};
        try {
            content = BoundedFile.read(file, MAX_SIZE);
            return decode(file, PemBlock.in(content));
        } catch (BoundedFile.TooLargeException e) {
            throw new KeyFileException(file + " is too large for a private key; check that it is the right file.", e);
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be read; check its owner.", e);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static SecretBytes decode(Path file, List<PemBlock> blocks) throws KeyFileException {
        if (blocks.stream().anyMatch(PemBlock::isEncrypted)) {
            throw new KeyFileException(
                    file + " is encrypted, and a service cannot ask for a passphrase; decrypt it with `openssl pkey`.");
        }
        if (blocks.size() != 1 || !blocks.getFirst().label().equals(LABEL)) {
            throw new KeyFileException(file + " does not contain exactly one PEM block " + LABEL + " (PKCS #8).");
        }
        return blocks.getFirst()
                .der()
                .orElseThrow(() -> new KeyFileException(
                        file + " is damaged: its PEM block is cut short, or its base64 does not decode."));
    }

    /// @param file with a secret
    /// @throws KeyFileException when it is missing, or others have access to it (see [PrivateFile])
    public static void requirePrivate(Path file) throws KeyFileException {
        try {
            var exposure = PrivateFile.exposure(file);
            if (exposure.isPresent()) {
                throw new KeyFileException(file + " is accessible to " + exposure.get() + ": run `chmod 600 " + file
                        + "`, and replace the key if anyone else uses this machine.");
            }
        } catch (NoSuchFileException e) {
            throw new KeyFileException(file + " does not exist.", e);
        } catch (IOException e) {
            throw new KeyFileException(file + " cannot be examined; check its owner.", e);
        }
    }
}
