// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import java.net.InetAddress;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.shareferry.containers.kubernetes.Rendered.Workload;

/// Somebody on the network: a pod, or an address outside the cluster.
///
/// @param name for people
/// @param namespace the pod's; empty outside
/// @param labels the pod's
/// @param address as policies with blocks of addresses see it
/// @param ports the pod's ports that have names
record Endpoint(
        String name,
        Optional<String> namespace,
        Map<String, String> labels,
        InetAddress address,
        Map<String, Integer> ports) {
    /// Where this project's examples put no member.
    private static final String SOMEWHERE_IN_THE_CLUSTER = "10.244.0.7";

    Endpoint {
        labels = Map.copyOf(labels);
        ports = Map.copyOf(ports);
    }

    static Endpoint pod(String name, String namespace, Map<String, String> labels) {
        return new Endpoint(
                name, Optional.of(namespace), labels, InetAddress.ofLiteral(SOMEWHERE_IN_THE_CLUSTER), Map.of());
    }

    static Endpoint outside(String address) {
        return new Endpoint(address, Optional.empty(), Map.of(), InetAddress.ofLiteral(address), Map.of());
    }

    static Endpoint of(Workload workload) {
        var service = workload.template().getSpec().getContainers().getFirst();
        var ports = service.getPorts().stream()
                .collect(Collectors.toMap(port -> port.getName(), port -> port.getContainerPort()));
        return new Endpoint(
                workload.toString(),
                Optional.of(workload.namespace()),
                workload.template().getMetadata().getLabels(),
                InetAddress.ofLiteral(SOMEWHERE_IN_THE_CLUSTER),
                ports);
    }

    @Override
    public String toString() {
        return name;
    }
}
