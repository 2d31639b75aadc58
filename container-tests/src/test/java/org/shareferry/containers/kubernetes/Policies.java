// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.networking.v1.IPBlock;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import java.math.BigInteger;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What network policies allow, as Kubernetes' documents define it: a pod that no policy of a direction selects is
/// open in that direction; any rule that fits lets a connection through; a rule without peers is for everybody, one
/// without ports for every port, and an empty selector selects all.
///
/// @param namespaces labels of the namespaces that are known; of others the name is
record Policies(List<NetworkPolicy> all, Map<String, Map<String, String>> namespaces) {
    /// @param protocol `TCP` or `UDP`
    record Port(int number, String protocol) {
        @Override
        public String toString() {
            return number + "/" + protocol;
        }
    }

    private enum Direction {
        INGRESS("Ingress"),
        EGRESS("Egress");

        private final String type;

        Direction(String type) {
            this.type = type;
        }
    }

    private record Rule(List<NetworkPolicyPeer> peers, List<NetworkPolicyPort> ports) {}

    Policies {
        all = List.copyOf(all);
        namespaces = Map.copyOf(namespaces);
    }

    static Policies of(Rendered overlay) {
        var namespaces = new HashMap<String, Map<String, String>>();
        for (var namespace : overlay.all(Namespace.class)) {
            namespaces.put(
                    namespace.getMetadata().getName(), namespace.getMetadata().getLabels());
        }
        return new Policies(overlay.all(NetworkPolicy.class), namespaces);
    }

    /// @return whether both ends agree
    boolean allow(Endpoint from, Endpoint to, Port port) {
        return allowLeaving(from, to, port) && allowEntering(from, to, port);
    }

    boolean allowLeaving(Endpoint from, Endpoint to, Port port) {
        return allow(Direction.EGRESS, from, to, to, port);
    }

    boolean allowEntering(Endpoint from, Endpoint to, Port port) {
        return allow(Direction.INGRESS, to, from, to, port);
    }

    private boolean allow(Direction direction, Endpoint at, Endpoint peer, Endpoint listener, Port port) {
        var selecting =
                all.stream().filter(policy -> selects(policy, direction, at)).toList();
        return selecting.isEmpty()
                || selecting.stream()
                        .flatMap(policy -> rules(policy, direction))
                        .anyMatch(rule -> isAmong(rule.peers(), peer, at) && isAmong(rule.ports(), port, listener));
    }

    private static boolean selects(NetworkPolicy policy, Direction direction, Endpoint at) {
        var types = policy.getSpec().getPolicyTypes();
        return at.namespace().equals(Optional.of(policy.getMetadata().getNamespace()))
                && (types.isEmpty() ? direction == Direction.INGRESS : types.contains(direction.type))
                && matches(policy.getSpec().getPodSelector(), at.labels());
    }

    private static Stream<Rule> rules(NetworkPolicy policy, Direction direction) {
        return switch (direction) {
            case INGRESS ->
                policy.getSpec().getIngress().stream().map(rule -> new Rule(rule.getFrom(), rule.getPorts()));
            case EGRESS -> policy.getSpec().getEgress().stream().map(rule -> new Rule(rule.getTo(), rule.getPorts()));
        };
    }

    private boolean isAmong(List<NetworkPolicyPeer> peers, Endpoint peer, Endpoint at) {
        return peers.isEmpty() || peers.stream().anyMatch(allowed -> isPeer(allowed, peer, at));
    }

    private boolean isPeer(NetworkPolicyPeer allowed, Endpoint peer, Endpoint at) {
        if (allowed.getIpBlock() != null) {
            return isIn(allowed.getIpBlock(), peer.address());
        }
        if (peer.namespace().isEmpty()) {
            return false;
        }
        var namespace = peer.namespace().get();
        var isNamespace = allowed.getNamespaceSelector() == null
                ? peer.namespace().equals(at.namespace())
                : matches(allowed.getNamespaceSelector(), labelsOf(namespace));
        return isNamespace && (allowed.getPodSelector() == null || matches(allowed.getPodSelector(), peer.labels()));
    }

    private Map<String, String> labelsOf(String namespace) {
        var labels = new HashMap<>(namespaces.getOrDefault(namespace, Map.of()));
        labels.put("kubernetes.io/metadata.name", namespace);
        return labels;
    }

    private static boolean isAmong(List<NetworkPolicyPort> ports, Port port, Endpoint listener) {
        return ports.isEmpty() || ports.stream().anyMatch(allowed -> isPort(allowed, port, listener));
    }

    private static boolean isPort(NetworkPolicyPort allowed, Port port, Endpoint listener) {
        var protocol = Optional.ofNullable(allowed.getProtocol()).orElse("TCP");
        if (!protocol.equals(port.protocol())) {
            return false;
        }
        if (allowed.getPort() == null) {
            return true;
        }
        if (allowed.getPort().getStrVal() != null) {
            return Optional.ofNullable(listener.ports().get(allowed.getPort().getStrVal()))
                    .filter(number -> number == port.number())
                    .isPresent();
        }
        int first = allowed.getPort().getIntVal();
        int last = Optional.ofNullable(allowed.getEndPort()).orElse(first);
        return first <= port.number() && port.number() <= last;
    }

    private static boolean matches(LabelSelector selector, Map<String, String> labels) {
        return labels.entrySet()
                        .containsAll(Optional.ofNullable(selector.getMatchLabels())
                                .orElse(Map.of())
                                .entrySet())
                && selector.getMatchExpressions().stream().allMatch(requirement -> isMet(requirement, labels));
    }

    private static boolean isMet(LabelSelectorRequirement requirement, Map<String, String> labels) {
        var value = Optional.ofNullable(labels.get(requirement.getKey()));
        return switch (requirement.getOperator()) {
            case "In" -> value.filter(requirement.getValues()::contains).isPresent();
            case "NotIn" -> value.filter(requirement.getValues()::contains).isEmpty();
            case "Exists" -> value.isPresent();
            case "DoesNotExist" -> value.isEmpty();
            default -> throw new AssertionError("No such operator: " + requirement.getOperator());
        };
    }

    private static boolean isIn(IPBlock block, InetAddress address) {
        return isIn(block.getCidr(), address) && block.getExcept().stream().noneMatch(except -> isIn(except, address));
    }

    private static boolean isIn(String cidr, InetAddress address) {
        var slash = cidr.indexOf('/');
        var network = InetAddress.ofLiteral(cidr.substring(0, slash)).getAddress();
        var bytes = address.getAddress();
        if (network.length != bytes.length) {
            return false;
        }
        int shift = 8 * bytes.length - Integer.parseInt(cidr.substring(slash + 1));
        return new BigInteger(1, network).shiftRight(shift).equals(new BigInteger(1, bytes).shiftRight(shift));
    }
}
