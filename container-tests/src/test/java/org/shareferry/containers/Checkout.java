// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// What somebody has who clones the repository: the files that git knows of, as they are in the
/// working tree, and none of those that lie beside them. Where there is no git, the working tree
/// itself.
final class Checkout {
    private static final Path WORKING_TREE = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Path folder;

    private Checkout(Path folder) {
        this.folder = folder;
    }

    /// @return the same for all tests of this run, because containers mount files of it
    static Checkout clean() {
        return Copy.CLEAN;
    }

    private static final class Copy {
        static final Checkout CLEAN = new Checkout(copied());
    }

    private static Path copied() {
        var known =
                Program.run(WORKING_TREE, List.of("git", "-c", "core.quotePath=false", "ls-files"), Map.of(), PATIENCE);
        if (!known.isSuccess()) {
            return WORKING_TREE;
        }
        try {
            var folder = Path.of("target", "checkout").toAbsolutePath();
            delete(folder);
            for (var name : known.output().lines().toList()) {
                var file = WORKING_TREE.resolve(name);
                if (Files.isRegularFile(file)) {
                    var copy = folder.resolve(name);
                    Files.createDirectories(copy.getParent());
                    Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    Path folder() {
        return folder;
    }

    String read(String name) {
        try {
            return Files.readString(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
