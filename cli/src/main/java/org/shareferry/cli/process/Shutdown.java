// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.util.concurrent.atomic.AtomicBoolean;

/// The end of this process, by a signal such as Ctrl-C or because the command is done.
public final class Shutdown {
    private static final AtomicBoolean BEGUN = new AtomicBoolean();

    private Shutdown() {}

    /// @param work done when the process ends
    public static void run(Runnable work) {
        var hook = Thread.ofPlatform().name("ending").unstarted(() -> {
            // First, so that failures caused by the shutdown are not reported.
            BEGUN.set(true);
            work.run();
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// @return whether the process is ending, so that services that end and answers that fail are as they should be
    public static boolean hasBegun() {
        return BEGUN.get();
    }
}
