// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import java.time.Duration;
import org.shareferry.service.commit.CommitSignal;
import org.springframework.context.SmartLifecycle;

/// Work that one thread repeats after each commit, and after a pause, until the service stops.
public abstract class CommitLoop implements SmartLifecycle {
    private final String name;
    private final CommitSignal commits;
    private volatile boolean isRunning;

    /// @param name of the thread
    protected CommitLoop(String name, CommitSignal commits) {
        this.name = name;
        this.commits = commits;
    }

    /// Does what there is to do now. An exception ends the thread.
    ///
    /// @return the longest pause until the next time
    protected abstract Duration work() throws InterruptedException;

    @Override
    public void start() {
        isRunning = true;
        Thread.ofVirtual().name(name).start(this::run);
    }

    @Override
    public void stop() {
        isRunning = false;
    }

    @Override
    public boolean isRunning() {
        return isRunning;
    }

    private void run() {
        try {
            while (isRunning && commits.isRunning()) {
                int phase = commits.phase();
                commits.await(phase, work());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
