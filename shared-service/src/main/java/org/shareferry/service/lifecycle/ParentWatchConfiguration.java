// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.lifecycle;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// With `shareferry.exit-with-parent=true` a service ends when its standard input does. For services that
/// another program starts and that must not outlive it, such as those of the demo.
@Configuration(proxyBeanMethods = false)
@ConditionalOnBooleanProperty("shareferry.exit-with-parent")
class ParentWatchConfiguration {
    @Bean
    SmartLifecycle parentWatch() {
        return new Watching();
    }

    /// Begins before the web server does, so that a service whose parent is gone answers nobody.
    private static final class Watching implements SmartLifecycle {
        private static final long GRACE_MILLIS = 5_000;
        private volatile boolean running;

        @Override
        public void start() {
            running = true;
            Thread.ofPlatform().daemon().name("parent-watch").start(new ParentWatch(System.in, Watching::exit));
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

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public int getPhase() {
            return Integer.MIN_VALUE;
        }
    }
}
