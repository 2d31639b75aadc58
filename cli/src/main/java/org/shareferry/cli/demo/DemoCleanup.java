// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.shareferry.cli.process.ServiceProcesses;

/// Ends a demo after success, a failure, or a signal: first its services, then its
/// folder. Only the first call does anything, later ones wait for it.
final class DemoCleanup implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final ServiceProcesses processes = new ServiceProcesses();
    private final Optional<DemoFolder> folder;
    private boolean done;

    private DemoCleanup(Optional<DemoFolder> folder) {
        this.folder = folder;
    }

    /// For a folder that the user named.
    static DemoCleanup keeping() {
        return new DemoCleanup(Optional.empty());
    }

    /// Deletes a folder that is no longer needed.
    static DemoCleanup deleting(DemoFolder folder) {
        return new DemoCleanup(Optional.of(folder));
    }

    ServiceProcesses processes() {
        return processes;
    }

    /// @return where the deployment goes, if the user named no folder
    Optional<Path> folder() {
        return folder.map(DemoFolder::deployment);
    }

    /// @param parent the folder for temporary files
    /// @return where the services' logs are after the demo's folder is deleted; nothing if it stays, or has none
    Optional<Path> keepLogs(Path parent) {
        return folder.flatMap(demo -> demo.keepLogs(parent));
    }

    @Override
    public synchronized void close() {
        if (done) {
            return;
        }
        done = true;
        if (folder.isPresent()) {
            processes.kill();
            folder.get().close();
        } else {
            processes.stop(GRACE);
        }
    }
}
