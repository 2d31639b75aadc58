// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.storage;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Optional;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.keys.PrivateFile;
import org.shareferry.site.Shell;

/// Checks of file permissions.
public final class FileAccess {
    private FileAccess() {}

    /// @return the reason for people, without the path
    public static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> "input or output error";
        };
    }

    /// Adds a finding if others can change the file, by the rule of [PrivateFile#writers].
    public static void writers(Path file, Findings findings) {
        try {
            PrivateFile.writers(file)
                    .ifPresent(who -> findings.add(
                            file.getFileName() + " permissions",
                            Fault.WRITABLE_BY_OTHERS,
                            file.getFileName() + ", which decides whom this member trusts, can be changed by " + who
                                    + ".",
                            "chmod go-w " + Shell.word(file) + " # and its folder, if that is writable by others"));
        } catch (IOException e) {
            // Another check reports a missing or unreadable file.
        }
    }

    /// @return who has access to the private file but should not, by the rule of [PrivateFile]; also empty if it
    ///     cannot be examined, which another check reports
    public static Optional<String> exposure(Path file) {
        try {
            return PrivateFile.exposure(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
