// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.containers.kubernetes.Overlays.overlay;
import static org.shareferry.containers.kubernetes.Overlays.withOptions;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.containers.kubernetes.Policies.Port;

/// Who can talk to whom.
@EnabledIf(
        value = "org.shareferry.containers.kubernetes.Rendered#isPossible",
        disabledReason = "no kubectl here to render the overlays with")
class NetworkTest {
    private static final Port UDP_NAMES = new Port(53, "UDP");
    private static final Port TCP_NAMES = new Port(53, "TCP");

    /// One of each kind: names, services, management, databases, VMs' own ports, VMs' client ports, and others.
    private static final List<Port> PORTS = Stream.concat(
                    Stream.of(UDP_NAMES, new Port(8443, "UDP"), new Port(9999, "SCTP")),
                    Stream.of(
                                    1, 22, 53, 80, 443, 4999, 5000, 5001, 5432, 8080, 8443, 9153, 9443, 14_000, 14_001,
                                    65_535)
                            .map(number -> new Port(number, "TCP")))
            .toList();

    private static final Endpoint NAME_SERVER =
            Endpoint.pod("name server", "kube-system", Map.of("k8s-app", "kube-dns"));

    /// Those that an overlay's policies name, and those that come near.
    private static final List<Endpoint> OTHERS = List.of(
            NAME_SERVER,
            Endpoint.pod("not the name server", "kube-system", Map.of("k8s-app", "metrics-server")),
            Endpoint.pod("somebody's name server", "elsewhere", Map.of("k8s-app", "kube-dns")),
            Endpoint.pod("Prometheus", "monitoring", Map.of("app.kubernetes.io/name", "prometheus")),
            Endpoint.pod("Grafana", "monitoring", Map.of("app.kubernetes.io/name", "grafana")),
            Endpoint.pod("somebody's Prometheus", "elsewhere", Map.of("app.kubernetes.io/name", "prometheus")),
            Endpoint.pod("database", "databases", Map.of("app.kubernetes.io/name", "postgresql")),
            Endpoint.pod("somebody's database", "elsewhere", Map.of("app.kubernetes.io/name", "postgresql")),
            Endpoint.pod("somebody's relay", "elsewhere", Map.of("app.kubernetes.io/name", "relay-service")),
            Endpoint.pod("somebody's party", "elsewhere", Map.of("app.kubernetes.io/name", "party-service")),
            Endpoint.pod("somebody's application", "elsewhere", Map.of("shareferry.org/application", "true")),
            Endpoint.outside("203.0.113.10"), // the relay's load balancer
            Endpoint.outside("203.0.113.11"), // where the relay's packets come from
            Endpoint.outside("203.0.113.12"), // the load balancer of P0's VM
            Endpoint.outside("198.51.100.20"), // where P1's packets come from
            Endpoint.outside("192.0.2.30"), // the client's load balancer
            Endpoint.outside("192.0.2.99"),
            Endpoint.outside("2001:db8::1"));

    private static List<Endpoint> endpoints(Rendered overlay) {
        var endpoints = new ArrayList<>(OTHERS);
        overlay.workloads().forEach(workload -> endpoints.add(Endpoint.of(workload)));
        for (var namespace : overlay.all(Namespace.class)) {
            var name = namespace.getMetadata().getName();
            endpoints.add(Endpoint.pod(name + "/application", name, Map.of("shareferry.org/application", "true")));
            endpoints.add(Endpoint.pod(name + "/anything", name, Map.of()));
        }
        return endpoints;
    }

    /// Every connection on which both ends agree and of which at least one end is in a member's namespace; but
    /// those for names.
    private static Set<String> arrows(Rendered overlay) {
        var policies = Policies.of(overlay);
        var arrows = new TreeSet<String>();
        for (var from : endpoints(overlay)) {
            for (var to : endpoints(overlay)) {
                if ((!OTHERS.contains(from) || !OTHERS.contains(to)) && !from.equals(to)) {
                    PORTS.stream()
                            .filter(port -> policies.allow(from, to, port))
                            .filter(port -> !to.equals(NAME_SERVER))
                            .forEach(port -> arrows.add(from + " -> " + to + ":" + port));
                }
            }
        }
        return arrows;
    }

    private static String arrow(String from, String to) {
        return from + " -> " + to + ":8443/TCP";
    }

    static Stream<Arguments> arrows() {
        var p0 = "shareferry-party/party-service";
        var r0 = "shareferry-relay/relay-service";
        var p1 = "shareferry/party-service";
        var c0 = "shareferry/client-service";
        var siteP0 = List.of(
                arrow(p0, r0),
                arrow(p0, "203.0.113.10"),
                arrow("198.51.100.20", r0),
                arrow(r0, "192.0.2.30"),
                arrow("shareferry-party/application", p0),
                arrow("Prometheus", p0),
                arrow("Prometheus", r0),
                p0 + " -> database:5432/TCP",
                r0 + " -> database:5432/TCP");
        var siteP1 = List.of(
                arrow(p1, "203.0.113.10"),
                arrow("shareferry/application", p1),
                arrow("Prometheus", p1),
                p1 + " -> database:5432/TCP");
        var siteC0 = List.of(
                arrow("203.0.113.11", c0),
                arrow("shareferry/application", c0),
                arrow("Prometheus", c0),
                c0 + " -> database:5432/TCP");
        return Stream.of(
                Arguments.of(overlay("demo"), demo()),
                Arguments.of(
                        overlay("demo-operators"),
                        and(
                                demo(),
                                arrow("Prometheus", "shareferry-p0/party-service"),
                                arrow("Prometheus", "shareferry-p1/party-service"),
                                arrow("Prometheus", "shareferry-r0/relay-service"),
                                arrow("Prometheus", "shareferry-c0/client-service"))),
                Arguments.of(overlay("production/site-p0"), siteP0),
                Arguments.of(overlay("production/site-p1"), siteP1),
                Arguments.of(overlay("production/site-c0"), siteC0),
                Arguments.of(withOptions("production/site-p0"), and(siteP0, "198.51.100.20 -> " + p0 + ":5000/TCP")),
                Arguments.of(withOptions("production/site-p1"), and(siteP1, p1 + " -> 203.0.113.12:5000/TCP")),
                Arguments.of(withOptions("production/site-c0"), siteC0));
    }

    private static List<String> demo() {
        return List.of(
                arrow("shareferry-p0/party-service", "shareferry-r0/relay-service"),
                arrow("shareferry-p1/party-service", "shareferry-r0/relay-service"),
                arrow("shareferry-r0/relay-service", "shareferry-c0/client-service"),
                arrow("shareferry-p0/application", "shareferry-p0/party-service"),
                arrow("shareferry-p1/application", "shareferry-p1/party-service"),
                arrow("shareferry-c0/application", "shareferry-c0/client-service"));
    }

    private static List<String> and(List<String> arrows, String... more) {
        return Stream.concat(arrows.stream(), Stream.of(more)).toList();
    }

    @ParameterizedTest
    @MethodSource("arrows")
    void exactly_the_connections_of_the_design_are_allowed(Rendered overlay, List<String> arrows) {
        assertThat(arrows(overlay)).containsExactlyInAnyOrderElementsOf(arrows);
    }

    @Test
    void the_tests_list_every_overlay() {
        assertThat(arrows().map(arguments -> arguments.get()[0]))
                .containsExactlyInAnyOrderElementsOf(Overlays.all().toList());
    }

    /// The name server has no other label of ours, and wants none.
    @ParameterizedTest
    @MethodSource("org.shareferry.containers.kubernetes.Overlays#all")
    void pods_can_reach_the_name_server_on_its_ports_only(Rendered overlay) {
        var policies = Policies.of(overlay);
        for (var endpoint : endpoints(overlay)) {
            if (!OTHERS.contains(endpoint)) {
                assertThat(PORTS.stream().filter(port -> policies.allow(endpoint, NAME_SERVER, port)))
                        .as("what %s may ask", endpoint)
                        .containsExactlyInAnyOrder(UDP_NAMES, TCP_NAMES);
                assertThat(PORTS.stream().filter(port -> policies.allow(NAME_SERVER, endpoint, port)))
                        .isEmpty();
            }
        }
    }

    /// Ports and people that nobody thought of above are denied, too.
    @ParameterizedTest
    @MethodSource("org.shareferry.containers.kubernetes.Overlays#all")
    void every_rule_names_peers_and_ports(Rendered overlay) {
        for (var policy : overlay.all(NetworkPolicy.class)) {
            for (var rule : policy.getSpec().getIngress()) {
                assertThat(rule.getFrom()).isNotEmpty();
                assertThat(rule.getPorts())
                        .isNotEmpty()
                        .allMatch(port -> port.getPort() != null && port.getEndPort() == null);
            }
            for (var rule : policy.getSpec().getEgress()) {
                assertThat(rule.getTo()).isNotEmpty();
                assertThat(rule.getPorts())
                        .isNotEmpty()
                        .allMatch(port -> port.getPort() != null && port.getEndPort() == null);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("demos")
    void the_policies_of_p1_and_c0_each_forbid_their_connections(Rendered overlay) {
        var policies = Policies.of(overlay);
        var p1 = endpoint(overlay, "shareferry-p1/party-service");
        var c0 = endpoint(overlay, "shareferry-c0/client-service");

        for (var port : PORTS) {
            assertThat(policies.allowLeaving(p1, c0, port)).isFalse();
            assertThat(policies.allowEntering(p1, c0, port)).isFalse();
            assertThat(policies.allowLeaving(c0, p1, port)).isFalse();
            assertThat(policies.allowEntering(c0, p1, port)).isFalse();
        }
    }

    static Stream<Rendered> demos() {
        return Overlays.DEMOS.stream().map(Overlays::overlay);
    }

    private static Endpoint endpoint(Rendered overlay, String name) {
        return endpoints(overlay).stream()
                .filter(endpoint -> endpoint.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void p1_has_no_load_balancer() {
        for (var site : List.of(overlay("production/site-p1"), withOptions("production/site-p1"))) {
            assertThat(site.all(Service.class))
                    .noneMatch(
                            service -> "LoadBalancer".equals(service.getSpec().getType()));
        }
    }

    /// Whoever reaches a VM's client port is given shares.
    @ParameterizedTest
    @MethodSource("org.shareferry.containers.kubernetes.Overlays#all")
    void services_expose_the_ports_of_services_and_vms_only(Rendered overlay) {
        assertThat(overlay.all(Service.class))
                .flatExtracting(service -> service.getSpec().getPorts())
                .allSatisfy(port -> assertThat(port.getPort()).isIn(8443, 5000));
    }
}
