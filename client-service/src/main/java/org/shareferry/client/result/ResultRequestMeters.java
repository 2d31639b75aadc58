// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Counts requests for a single result without their outcome, which depends on the verdict.
@Configuration(proxyBeanMethods = false)
class ResultRequestMeters {
    private static final String NAME = "http.server.requests";
    private static final String RESULTS = "/v1/results/";
    private static final Set<String> OUTCOME = Set.of("status", "outcome", "exception", "error");

    @Bean
    static MeterFilter resultRequestsWithoutOutcome() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                var uri = id.getTag("uri");
                return id.getName().equals(NAME) && uri != null && uri.startsWith(RESULTS)
                        ? id.replaceTags(id.getTags().stream()
                                .map(ResultRequestMeters::withoutOutcome)
                                .toList())
                        : id;
            }
        };
    }

    private static Tag withoutOutcome(Tag tag) {
        return OUTCOME.contains(tag.getKey()) ? Tag.of(tag.getKey(), "any") : tag;
    }
}
