// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import static java.nio.file.attribute.PosixFilePermission.GROUP_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_EXECUTE;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Who may do what with a file.
final class FileAccess {
    private FileAccess() {}

    /// @return why it failed, for people, without the path
    static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> "input or output error";
        };
    }

    /// @return who may do what with the file, as `rw-r--r--`; nothing when others than the owner may nothing
    static Optional<String> forOthers(Path file) {
        return beyond(file, EnumSet.of(OWNER_READ, OWNER_WRITE, OWNER_EXECUTE));
    }

    /// @return the same for what [org.shareferry.keys.KeyFiles] takes
    static Optional<String> beyondOwnersReadingAndWriting(Path file) {
        return beyond(file, EnumSet.of(OWNER_READ, OWNER_WRITE));
    }

    private static Optional<String> beyond(Path file, Set<PosixFilePermission> allowed) {
        try {
            var permissions = Files.getPosixFilePermissions(file);
            return allowed.containsAll(permissions)
                    ? Optional.empty()
                    : Optional.of(PosixFilePermissions.toString(permissions));
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// Whether root lends a file to this user's group to read, and to nobody else: so Kubernetes hands out
    /// what is in a Secret, and nobody in the container can change it.
    static boolean isLent(Path file) {
        try {
            return Files.getPosixFilePermissions(file).equals(EnumSet.of(OWNER_READ, GROUP_READ))
                    && !Files.isWritable(file)
                    && Files.getOwner(file).getName().equals("root");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
