// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/// With `shareferry.exit-with-parent=true` a service exits when its standard input ends. Programs use it for
/// services that must not outlive them, such as those of the demo. The watch begins as soon as the settings are
/// loaded, so that a service exits even if its parent ends while it starts.
final class ParentWatchStart implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final String PROPERTY = "shareferry.exit-with-parent";
    private static final long GRACE_MILLIS = 3_000;

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (event.getEnvironment().getProperty(PROPERTY, Boolean.class, false)) {
            Thread.ofPlatform().daemon().name("parent-watch").start(new ParentWatch(System.in, ParentWatchStart::exit));
        }
    }

    /// Shuts down in order, but exits hard if that takes too long. Nothing is lost, because everything acknowledged
    /// is committed.
    private static void exit() {
        Thread.ofPlatform().daemon().name("halt").start(() -> {
            try {
                Thread.sleep(GRACE_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Runtime.getRuntime().halt(1);
        });
        System.exit(0);
    }
}
