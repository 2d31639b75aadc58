// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/// Adds a carrier thread for each connection to SQLite to those of the processors. A virtual thread that waits for
/// SQLite's write lock waits in native code and pins its carrier. With only as many carriers as processors, two
/// waiting threads could block the one that holds the lock until all time out.
///
/// The Java VM reads the property when it creates its first virtual thread, so it is set when the application
/// begins to start. A value that is already set is kept (source: `java.lang.Thread`, implementation note on the
/// scheduler's properties).
final class CarrierThreads implements ApplicationListener<ApplicationStartingEvent> {
    private static final String PROPERTY = "jdk.virtualThreadScheduler.parallelism";

    @Override
    public void onApplicationEvent(ApplicationStartingEvent event) {
        if (System.getProperty(PROPERTY) == null) {
            int carriers = Runtime.getRuntime().availableProcessors() + StorageConfiguration.SQLITE_CONNECTIONS;
            System.setProperty(PROPERTY, Integer.toString(carriers));
        }
    }
}
