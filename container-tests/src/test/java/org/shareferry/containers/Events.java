// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What Docker says of the containers of a project while it happens: afterwards it no longer knows.
final class Events implements AutoCloseable {
    private final Path file;
    private final Process docker;

    Events(String project) {
        try {
            var folder = Path.of("target").toAbsolutePath();
            file = File.createTempFile("events", ".log", folder.toFile()).toPath();
            docker = Program.start(
                    folder,
                    List.of(
                            "docker",
                            "events",
                            "--filter",
                            "label=com.docker.compose.project=" + project,
                            "--filter",
                            "event=start",
                            "--filter",
                            "event=health_status",
                            "--format",
                            "{{index .Actor.Attributes \"com.docker.compose.service\"}} {{.Action}}"),
                    Map.of(),
                    file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return such as `relay-service start` and `relay-service health_status: healthy`, in their
    /// order
    List<String> soFar() {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        docker.destroy();
    }
}
