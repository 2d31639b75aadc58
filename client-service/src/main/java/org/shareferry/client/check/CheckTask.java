// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import com.github.kagkarlsson.scheduler.task.Task;
import java.time.Duration;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.DurableTask;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The durable work of checking one complete delivery.
public record CheckTask(DurableTask task) {

    @Configuration(proxyBeanMethods = false)
    static class Beans {
        private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));

        @Bean
        CheckTask checkTask(ObjectProvider<DeliveryCheck> check) {
            return new CheckTask(DurableTask.of(
                    "check-delivery", BACKOFF, id -> check.getObject().run(DeliveryKey.parse(id))));
        }

        @Bean
        Task<String> checkDelivery(CheckTask check) {
            return check.task().task();
        }
    }
}
