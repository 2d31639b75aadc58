// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;

/// With `shareferry.exit-with-parent=true` a service ends when its standard input does. For services that
/// another program starts and that must not outlive it, such as those of the demo. The watch begins as soon
/// as settings are known, so that a service whose parent ends while it starts ends at once too.
final class ParentWatchStart implements ApplicationListener<ApplicationEnvironmentPreparedEvent> {
    private static final String PROPERTY = "shareferry.exit-with-parent";
    private static final long GRACE_MILLIS = 3_000;

    @Override
    public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
        if (event.getEnvironment().getProperty(PROPERTY, Boolean.class, false)) {
            Thread.ofPlatform().daemon().name("parent-watch").start(new ParentWatch(System.in, ParentWatchStart::exit));
        }
    }

    /// In order if that is quick, else at once: everything a service promised is committed already.
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
