// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import com.github.kagkarlsson.scheduler.task.Task;
import org.shareferry.relay.RelayProperties;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.DurableTask;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The durable work of bringing one bundle to its client.
record PushTask(DurableTask task) {

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        @Bean
        PushTask pushTask(ObjectProvider<Pusher> pusher, RelayProperties properties) {
            var backoff = new Backoff(properties.firstRetry(), properties.longestRetry());
            return new PushTask(DurableTask.of(
                    "push-bundle", backoff, key -> pusher.getObject().push(BundleKey.parse(key))));
        }

        @Bean
        Task<String> pushBundle(PushTask push) {
            return push.task().task();
        }
    }
}
