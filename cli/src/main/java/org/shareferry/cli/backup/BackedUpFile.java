// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.util.Optional;
import java.util.regex.Pattern;

/// A file in a backup.
///
/// @param name in the archive, and relative to the restored folder: parts of letters, digits, dots, hyphens and
///     underscores that begin with no dot or hyphen, separated by slashes
/// @param size in bytes
/// @param sha256 of the content, 64 hex digits
/// @param from its path at the member, if that is outside of the member's folder
record BackedUpFile(String name, long size, String sha256, Optional<String> from) {
    /// Where files from outside of a member's folder are.
    static final String OUTSIDE = "outside/";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*");
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    BackedUpFile {
        if (!isName(name) || size < 0 || !DIGEST.matcher(sha256).matches()) {
            throw new IllegalArgumentException("A file in a backup has a simple relative name, a size and a digest.");
        }
        if (from.isPresent() != name.startsWith(OUTSIDE)) {
            throw new IllegalArgumentException("Files from outside of the member's folder, and no others, say where.");
        }
    }

    static boolean isName(String name) {
        return name.length() <= TarHeader.LONGEST_NAME && NAME.matcher(name).matches();
    }
}
