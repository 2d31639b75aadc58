// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.file.BoundedFile;
import org.shareferry.keys.PemBlock;

/// The bytes of a PEM file, which may be a private key.
sealed interface PemContent {
    record Read(SecretBytes content) implements PemContent {}

    record TooLarge() implements PemContent {}

    /// @param why a sentence, which does not name the file
    record Unread(PemFault fault, String why) implements PemContent {}

    /// @return a digest of the content
    default Bytes digest() {
        return switch (this) {
            case Read read -> Sha256.begin().add(read.content()).digest();
            case TooLarge large -> Bytes.ascii("too large");
            case Unread unread -> Bytes.ascii(unread.fault().name());
        };
    }

    /// Wipes the content.
    default void wipe() {
        if (this instanceof Read(var content)) {
            content.close();
        }
    }

    static PemContent read(Path file, int limit) {
        try {
            return new Read(SecretBytes.takeOver(BoundedFile.read(file, limit)));
        } catch (BoundedFile.TooLargeException e) {
            return new TooLarge();
        } catch (NoSuchFileException e) {
            return new Unread(PemFault.MISSING, "It does not exist.");
        } catch (IOException e) {
            return new Unread(PemFault.UNREADABLE, "It cannot be read: " + reason(e) + ".");
        }
    }

    /// @return the reason for people, without the path
    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> "input or output error";
        };
    }

    /// @return the labels in the file, for the end of a sentence
    static String instead(List<PemBlock> blocks) {
        return blocks.isEmpty()
                ? ""
                : ", only " + blocks.stream().map(PemBlock::label).distinct().collect(Collectors.joining(" and "));
    }
}
