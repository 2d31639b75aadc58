// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.containers.kubernetes.Policies.Port;

/// Holds what judges the manifests' policies against Kubernetes' definition.
class PoliciesTest {
    private static final Port HTTPS = new Port(8443, "TCP");
    private static final Endpoint SERVICE = new Endpoint(
            "service",
            Optional.of("home"),
            Map.of("app", "service"),
            Endpoint.outside("10.0.0.1").address(),
            Map.of("https", 8443));
    private static final Endpoint NEIGHBOUR = Endpoint.pod("neighbour", "home", Map.of("app", "neighbour"));
    private static final Endpoint STRANGER = Endpoint.pod("stranger", "abroad", Map.of("app", "neighbour"));
    private static final Endpoint OUTSIDE = Endpoint.outside("192.0.2.7");

    private static Policies policies(String... specs) throws IOException {
        var text = new StringBuilder();
        for (var spec : specs) {
            text.append("""
                    ---
                    apiVersion: networking.k8s.io/v1
                    kind: NetworkPolicy
                    metadata: {name: policy, namespace: home}
                    spec: %s
                    """.formatted(spec));
        }
        var all = Rendered.parse(text.toString()).stream()
                .map(NetworkPolicy.class::cast)
                .toList();
        return new Policies(all, Map.of("home", Map.of("team", "ours"), "abroad", Map.of("team", "theirs")));
    }

    private static Policies entering(String rule) throws IOException {
        return policies(
                "{podSelector: {matchLabels: {app: service}}, policyTypes: [Ingress], ingress: [" + rule + "]}");
    }

    @Test
    void a_pod_without_a_policy_allows_all_traffic() throws IOException {
        assertThat(policies("{podSelector: {matchLabels: {app: other}}, policyTypes: [Ingress]}")
                        .allow(STRANGER, SERVICE, HTTPS))
                .isTrue();
    }

    @Test
    void a_policy_without_rules_denies_only_its_directions() throws IOException {
        var ingress = policies("{podSelector: {}, policyTypes: [Ingress]}");

        assertThat(ingress.allow(STRANGER, SERVICE, HTTPS)).isFalse();
        assertThat(ingress.allow(SERVICE, STRANGER, HTTPS)).isTrue();
    }

    @Test
    void a_policy_without_types_applies_to_ingress() throws IOException {
        assertThat(policies("{podSelector: {}}").allow(STRANGER, SERVICE, HTTPS))
                .isFalse();
    }

    @Test
    void a_rule_without_peers_allows_all_peers() throws IOException {
        for (var from : List.of(NEIGHBOUR, STRANGER, OUTSIDE)) {
            assertThat(entering("{ports: [{port: 8443}]}").allow(from, SERVICE, HTTPS))
                    .isTrue();
        }
    }

    @Test
    void an_empty_namespace_selector_selects_all_pods() throws IOException {
        var open = entering("{from: [{namespaceSelector: {}}]}");

        assertThat(open.allow(STRANGER, SERVICE, HTTPS)).isTrue();
        assertThat(open.allow(OUTSIDE, SERVICE, HTTPS)).isFalse();
    }

    @Test
    void a_pod_selector_alone_selects_the_policys_namespace() throws IOException {
        var neighbours = entering("{from: [{podSelector: {matchLabels: {app: neighbour}}}]}");

        assertThat(neighbours.allow(NEIGHBOUR, SERVICE, HTTPS)).isTrue();
        assertThat(neighbours.allow(STRANGER, SERVICE, HTTPS)).isFalse();
    }

    @Test
    void a_peer_with_both_selectors_must_match_both() throws IOException {
        var peer = "{from: [{namespaceSelector: {matchLabels: {team: theirs}}, podSelector: {matchLabels: {app: x}}}]}";
        var peers =
                "{from: [{namespaceSelector: {matchLabels: {team: theirs}}}, {podSelector: {matchLabels: {app: x}}}]}";

        assertThat(entering(peer).allow(STRANGER, SERVICE, HTTPS)).isFalse();
        assertThat(entering(peers).allow(STRANGER, SERVICE, HTTPS)).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {key: app, operator: In, values: [neighbour]}  | true
                    {key: app, operator: In, values: [x, y]}       | false
                    {key: app, operator: NotIn, values: [x]}       | true
                    {key: none, operator: NotIn, values: [x]}      | true
                    {key: app, operator: NotIn, values: [neighbour]} | false
                    {key: app, operator: Exists}                   | true
                    {key: none, operator: Exists}                  | false
                    {key: app, operator: DoesNotExist}             | false
                    {key: none, operator: DoesNotExist}            | true
                    """)
    void expressions_select_too(String expression, boolean isAllowed) throws IOException {
        assertThat(entering("{from: [{podSelector: {matchExpressions: [" + expression + "]}}]}")
                        .allow(NEIGHBOUR, SERVICE, HTTPS))
                .isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {port: 8443}                              | true
                    {port: 8444}                              | false
                    {port: 8000, endPort: 9000}               | true
                    {port: 8000, endPort: 8442}               | false
                    {port: https}                             | true
                    {port: http}                              | false
                    {protocol: TCP}                           | true
                    {protocol: UDP, port: 8443}               | false
                    """)
    void ports_are_looked_at(String port, boolean isAllowed) throws IOException {
        assertThat(entering("{ports: [" + port + "]}").allow(NEIGHBOUR, SERVICE, HTTPS))
                .isEqualTo(isAllowed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {cidr: 192.0.2.7/32}                         | true
                    {cidr: 192.0.2.8/32}                         | false
                    {cidr: 192.0.0.0/16}                         | true
                    {cidr: 0.0.0.0/0}                            | true
                    {cidr: 0.0.0.0/0, except: [192.0.2.0/24]}    | false
                    {cidr: "::/0"}                               | false
                    """)
    void blocks_of_addresses_are_looked_at(String block, boolean isAllowed) throws IOException {
        assertThat(entering("{from: [{ipBlock: " + block + "}]}").allow(OUTSIDE, SERVICE, HTTPS))
                .isEqualTo(isAllowed);
    }

    @Test
    void both_policies_must_allow_a_connection() throws IOException {
        var leaving = policies(
                "{podSelector: {}, policyTypes: [Ingress, Egress]}",
                "{podSelector: {matchLabels: {app: neighbour}}, policyTypes: [Egress], egress: [{}]}");
        var both = policies(
                "{podSelector: {}, policyTypes: [Ingress, Egress]}",
                "{podSelector: {matchLabels: {app: neighbour}}, policyTypes: [Egress], egress: [{}]}",
                "{podSelector: {matchLabels: {app: service}}, policyTypes: [Ingress], ingress: [{}]}");

        assertThat(leaving.allow(NEIGHBOUR, SERVICE, HTTPS)).isFalse();
        assertThat(both.allow(NEIGHBOUR, SERVICE, HTTPS)).isTrue();
    }
}
