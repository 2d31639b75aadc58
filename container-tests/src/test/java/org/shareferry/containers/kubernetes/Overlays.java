// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.shareferry.containers.kubernetes.Rendered.Workload;

/// The overlays, each rendered once; those of sites also with all that their files offer as comments.
final class Overlays {
    static final List<String> DEMOS = List.of("demo", "demo-operators");
    static final List<String> SITES = List.of("production/site-p0", "production/site-p1", "production/site-c0");

    private static final Map<String, Rendered> RENDERED = new ConcurrentHashMap<>();

    private Overlays() {}

    static Rendered overlay(String name) {
        return RENDERED.computeIfAbsent(name, Rendered::of);
    }

    static Rendered withOptions(String site) {
        return RENDERED.computeIfAbsent(site + Rendered.WITH_OPTIONS, key -> Rendered.withOptions(site));
    }

    static Stream<Rendered> all() {
        return Stream.of(
                        DEMOS.stream().map(Overlays::overlay),
                        SITES.stream().map(Overlays::overlay),
                        SITES.stream().map(Overlays::withOptions))
                .flatMap(overlays -> overlays);
    }

    static Stream<Workload> workloads() {
        return all().flatMap(overlay -> overlay.workloads().stream());
    }
}
