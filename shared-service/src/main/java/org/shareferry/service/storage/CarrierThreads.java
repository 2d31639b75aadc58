// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/// Gives the Java VM a carrier thread for each connection to SQLite, besides one for each processor. Who waits for
/// SQLite's write lock waits in native code and keeps the carrier of its virtual thread. With no more carriers than
/// processors, two waiting threads could keep the one that holds the lock from ever going on, until all time out.
///
/// The VM reads the property when its first virtual thread is made, so it is set when an application begins to start.
/// One that is set already stays (source: `java.lang.Thread`, implementation note on the scheduler's properties).
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
