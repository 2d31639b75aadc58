// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.containers.kubernetes.Rendered.Workload;

@EnabledIf(value = "isPossible", disabledReason = "no kubectl here to render the overlays with")
class ManifestsTest {
    private static final List<String> OVERLAYS =
            List.of("demo", "demo-operators", "production/site-p0", "production/site-p1", "production/site-c0");
    private static final Map<String, Rendered> RENDERED = new HashMap<>();

    static boolean isPossible() {
        return Rendered.isPossible();
    }

    @BeforeAll
    static void render() {
        OVERLAYS.forEach(name -> RENDERED.put(name, Rendered.of(name)));
    }

    static Stream<Rendered> overlays() {
        return OVERLAYS.stream().map(ManifestsTest::overlay);
    }

    private static Rendered overlay(String name) {
        return Optional.ofNullable(RENDERED.get(name)).orElseThrow();
    }

    static Stream<Workload> workloads() {
        return overlays().flatMap(overlay -> overlay.workloads().stream());
    }

    @Test
    void a_field_that_kubernetes_does_not_know_would_be_found() {
        assertThatThrownBy(() -> Rendered.parse("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: x}
                        spec: {replica: 1}
                        """)).isInstanceOf(UnrecognizedPropertyException.class);
    }

    @Test
    void every_overlay_is_tried() throws IOException {
        try (var files = Files.walk(Path.of("..", "k8s", "overlays"), 2)) {
            var found = files.filter(file -> file.getFileName().toString().equals("kustomization.yaml"))
                    .map(file -> file.getName(file.getNameCount() - 2).toString());
            assertThat(found).containsExactlyInAnyOrder("demo", "demo-operators");
        }
        try (var sites = Files.list(Path.of("..", "k8s", "overlays", "production"))) {
            assertThat(sites.map(site -> "production/" + site.getFileName())).isSubsetOf(OVERLAYS);
        }
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void containers_are_locked_up(Workload workload) {
        var pod = workload.template().getSpec();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getRunAsUser()).isEqualTo(10_001);
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks()).isFalse();
        assertThat(pod.getHostNetwork()).isNull();
        assertThat(pod.getVolumes()).allMatch(volume -> volume.getHostPath() == null);
        for (var container : containers(workload)) {
            var security = container.getSecurityContext();
            assertThat(security.getReadOnlyRootFilesystem()).isTrue();
            assertThat(security.getAllowPrivilegeEscalation()).isFalse();
            assertThat(security.getRunAsNonRoot()).isTrue();
            assertThat(security.getCapabilities().getDrop()).containsExactly("ALL");
            assertThat(security.getCapabilities().getAdd()).isEmpty();
        }
    }

    private static List<Container> containers(Workload workload) {
        var pod = workload.template().getSpec();
        return Stream.concat(pod.getInitContainers().stream(), pod.getContainers().stream())
                .toList();
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void containers_are_probed_and_bounded(Workload workload) {
        var service = workload.template().getSpec().getContainers().getFirst();
        for (var probe : List.of(service.getStartupProbe(), service.getReadinessProbe(), service.getLivenessProbe())) {
            assertThat(probe.getExec().getCommand().getFirst()).isEqualTo("/opt/shareferry/bin/healthy");
        }
        for (var container : containers(workload)) {
            assertThat(container.getResources().getRequests()).containsOnlyKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsOnlyKeys("cpu", "memory");
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void namespaces_enforce_restricted_pods(Rendered overlay) {
        assertThat(overlay.all(Namespace.class))
                .isNotEmpty()
                .allSatisfy(namespace -> assertThat(namespace.getMetadata().getLabels())
                        .containsEntry("pod-security.kubernetes.io/enforce", "restricted"));
        assertThat(overlay.objects().stream()
                        .filter(object -> !(object instanceof Namespace))
                        .map(object -> object.getMetadata().getNamespace()))
                .isSubsetOf(overlay.all(Namespace.class).stream()
                        .map(namespace -> namespace.getMetadata().getName())
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void no_secret_is_in_a_manifest(Rendered overlay) {
        assertThat(overlay.objects()).noneMatch(object -> object.getKind().equals("Secret"));
        assertThat(overlay.all(ConfigMap.class))
                .allSatisfy(map -> assertThat(map.getData())
                        .containsOnlyKeys("application.yml")
                        .allSatisfy((file, text) -> assertThat(text).doesNotContain("PRIVATE KEY", "password")));
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void whatever_is_mounted_is_in_the_overlay_or_in_the_documents(Rendered overlay) throws IOException {
        var document = Files.readString(Path.of("..", "docs", "deploy-kubernetes.md"));
        for (var workload : overlay.workloads()) {
            var configMaps = overlay.all(ConfigMap.class).stream()
                    .map(map -> map.getMetadata().getName())
                    .collect(Collectors.toSet());
            for (var volume : workload.template().getSpec().getVolumes()) {
                if (volume.getConfigMap() != null
                        && !configMaps.contains(volume.getConfigMap().getName())) {
                    assertThat(document).contains("`" + volume.getConfigMap().getName() + "`");
                }
                if (volume.getSecret() != null) {
                    assertThat(document).contains("`" + volume.getSecret().getSecretName() + "`");
                }
            }
            for (var container : containers(workload)) {
                for (var variable : container.getEnv()) {
                    if (variable.getValueFrom() != null) {
                        var key = variable.getValueFrom().getSecretKeyRef();
                        assertThat(document).contains("`" + key.getName() + "`").contains("`" + key.getKey() + "`");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("overlays")
    void a_workload_has_a_disruption_budget_and_a_service(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            var labels = workload.template().getMetadata().getLabels();
            assertThat(overlay.all(PodDisruptionBudget.class))
                    .filteredOn(budget -> isIn(budget, workload))
                    .singleElement()
                    .satisfies(budget -> assertThat(labels)
                            .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels()));
            assertThat(overlay.all(Service.class))
                    .filteredOn(service -> isIn(service, workload))
                    .isNotEmpty()
                    .allSatisfy(service -> assertThat(labels)
                            .containsAllEntriesOf(service.getSpec().getSelector()));
        }
    }

    private static boolean isIn(HasMetadata object, Workload workload) {
        return object.getMetadata().getNamespace().equals(workload.namespace());
    }

    @Test
    void the_relay_of_production_has_several_replicas_on_postgres() {
        var site = overlay("production/site-p0");
        var relay = site.workloads().stream()
                .filter(workload -> workload.name().equals("relay-service"))
                .findFirst()
                .orElseThrow();

        assertThat(relay.owner().getKind()).isEqualTo("Deployment");
        assertThat(site.all(HorizontalPodAutoscaler.class)).singleElement().satisfies(autoscaler -> {
            assertThat(autoscaler.getSpec().getScaleTargetRef().getName()).isEqualTo("relay-service");
            assertThat(autoscaler.getSpec().getMinReplicas()).isGreaterThan(1);
        });
        assertThat(relay.template().getSpec().getContainers().getFirst().getEnv())
                .filteredOn(variable -> variable.getName().equals("SPRING_DATASOURCE_URL"))
                .singleElement()
                .satisfies(variable -> assertThat(
                                variable.getValueFrom().getSecretKeyRef().getName())
                        .isEqualTo("shareferry-database"));
    }

    @ParameterizedTest
    @MethodSource("workloads")
    void sqlite_has_one_replica_and_a_volume(Workload workload) {
        var url = workload.template().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("SPRING_DATASOURCE_URL"))
                .findFirst()
                .orElseThrow();
        if (url.getValue() != null) {
            assertThat(url.getValue()).startsWith("jdbc:sqlite:/var/lib/shareferry/");
            assertThat(workload.owner().getKind()).isEqualTo("StatefulSet");
            assertThat(workload.replicas()).isEqualTo(1);
        }
    }

    // ------------------------------------------------------------------------------------------ who talks to whom

    @ParameterizedTest
    @MethodSource("overlays")
    void nothing_is_allowed_that_no_policy_allows(Rendered overlay) {
        for (var namespace : overlay.all(Namespace.class)) {
            assertThat(overlay.all(NetworkPolicy.class))
                    .filteredOn(policy -> policy.getMetadata()
                            .getNamespace()
                            .equals(namespace.getMetadata().getName()))
                    .anySatisfy(policy -> {
                        assertThat(policy.getSpec().getPodSelector().getMatchLabels())
                                .isNullOrEmpty();
                        assertThat(policy.getSpec().getPolicyTypes()).contains("Ingress", "Egress");
                        assertThat(policy.getSpec().getIngress()).isNullOrEmpty();
                        assertThat(policy.getSpec().getEgress()).isNullOrEmpty();
                    });
        }
    }

    /// The arrows between members of the demo on which both ends agree.
    private static Set<String> arrows(Rendered overlay) {
        var arrows = new TreeSet<String>();
        for (var from : overlay.workloads()) {
            for (var to : overlay.workloads()) {
                if (allows(overlay, from, to, true) && allows(overlay, from, to, false)) {
                    arrows.add(from + " -> " + to);
                }
            }
        }
        return arrows;
    }

    /// @param egress whether the sender's policies are looked at, or the receiver's
    private static boolean allows(Rendered overlay, Workload from, Workload to, boolean egress) {
        var at = egress ? from : to;
        var peer = egress ? to : from;
        return overlay.all(NetworkPolicy.class).stream()
                .filter(policy -> isIn(policy, at))
                .filter(policy -> matches(policy.getSpec().getPodSelector().getMatchLabels(), at))
                .flatMap(policy -> peers(policy, egress))
                .anyMatch(allowed -> isPeer(allowed, peer, at));
    }

    private static Stream<NetworkPolicyPeer> peers(NetworkPolicy policy, boolean egress) {
        return egress
                ? Optional.ofNullable(policy.getSpec().getEgress()).orElse(List.of()).stream()
                        .flatMap(rule -> rule.getTo().stream())
                : Optional.ofNullable(policy.getSpec().getIngress()).orElse(List.of()).stream()
                        .flatMap(rule -> rule.getFrom().stream());
    }

    private static boolean isPeer(NetworkPolicyPeer allowed, Workload peer, Workload at) {
        var namespaces = allowed.getNamespaceSelector();
        var namespace = namespaces == null
                ? at.namespace()
                : namespaces.getMatchLabels().get("kubernetes.io/metadata.name");
        var pods = allowed.getPodSelector();
        return peer.namespace().equals(namespace) && (pods == null || matches(pods.getMatchLabels(), peer));
    }

    private static boolean matches(Map<String, String> labels, Workload workload) {
        return workload.template().getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
    }

    @ParameterizedTest
    @MethodSource("demos")
    void exactly_the_arrows_of_the_design_are_allowed(Rendered overlay) {
        assertThat(arrows(overlay))
                .containsExactlyInAnyOrder(
                        "shareferry-p0/party-service -> shareferry-r0/relay-service",
                        "shareferry-p1/party-service -> shareferry-r0/relay-service",
                        "shareferry-r0/relay-service -> shareferry-c0/client-service");
    }

    static Stream<Rendered> demos() {
        return Stream.of(overlay("demo"), overlay("demo-operators"));
    }

    @ParameterizedTest
    @MethodSource("demos")
    void p1_and_c0_cannot_talk_whatever_one_end_would_allow(Rendered overlay) {
        var p1 = workload(overlay, "shareferry-p1");
        var c0 = workload(overlay, "shareferry-c0");

        for (boolean egress : List.of(true, false)) {
            assertThat(allows(overlay, p1, c0, egress)).isFalse();
            assertThat(allows(overlay, c0, p1, egress)).isFalse();
        }
    }

    private static Workload workload(Rendered overlay, String namespace) {
        return overlay.workloads().stream()
                .filter(workload -> workload.namespace().equals(namespace))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_party_in_production_lets_nobody_in_from_outside() {
        for (var policy : overlay("production/site-p1").all(NetworkPolicy.class)) {
            assertThat(peers(policy, false)).noneMatch(peer -> peer.getIpBlock() != null);
        }
        assertThat(overlay("production/site-p1").all(Service.class))
                .noneMatch(service -> "LoadBalancer".equals(service.getSpec().getType()));
    }

    // -------------------------------------------------------------------------------------------------- operators

    @Test
    void certificates_have_the_members_names() {
        var certificates = overlay("demo-operators").all(Certificate.class);

        assertThat(certificates)
                .extracting(certificate -> certificate.getSpec().getCommonName())
                .containsExactlyInAnyOrder(
                        "P0",
                        "P0-user",
                        "P0-monitor",
                        "P1",
                        "P1-user",
                        "P1-monitor",
                        "R0",
                        "R0-user",
                        "R0-monitor",
                        "C0",
                        "C0-user",
                        "C0-monitor");
        assertThat(certificates)
                .filteredOn(certificate -> certificate.getSpec().getCommonName().equals("R0"))
                .singleElement()
                .satisfies(certificate ->
                        assertThat(certificate.getSpec().getDnsNames()).contains("relay-service.shareferry-r0.svc"));
    }

    @Test
    void metrics_are_asked_for_over_mutual_tls() {
        assertThat(overlay("demo-operators").all(ServiceMonitor.class))
                .hasSize(4)
                .allSatisfy(monitor -> {
                    var endpoint = monitor.getSpec().getEndpoints().getFirst();
                    assertThat(endpoint.getScheme().toString()).isEqualToIgnoringCase("https");
                    assertThat(endpoint.getPath()).isEqualTo("/metrics");
                    assertThat(endpoint.getTlsConfig().getServerName()).endsWith("-service");
                    assertThat(endpoint.getTlsConfig().getCert().getSecret().getName())
                            .isEqualTo("shareferry-monitor");
                });
    }

    private static final Pattern METRIC = Pattern.compile("shareferry_[a-z_]+");

    @Test
    void every_alert_is_about_a_metric_that_a_service_has_and_is_told_in_the_documents() throws IOException {
        var rules = overlay("production/site-p0").all(PrometheusRule.class).getFirst().getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .toList();
        var sources = sources();
        var document = Files.readString(Path.of("..", "docs", "deploy-kubernetes.md"));

        assertThat(rules).hasSizeGreaterThan(5);
        for (var rule : rules) {
            assertThat(document).contains("`" + rule.getAlert() + "`");
            var expression = rule.getExpr().getStrVal();
            assertThat(METRIC.matcher(expression).results()).isNotEmpty();
            METRIC.matcher(expression)
                    .results()
                    .map(match -> match.group())
                    .forEach(metric -> assertThat(sources)
                            .as(metric)
                            .contains("\""
                                    + metric.replaceAll("_(seconds|total)$", "").replace('_', '.') + "\""));
        }
    }

    private static String sources() throws IOException {
        var text = new StringBuilder();
        for (var module : List.of("shared-service", "party-service", "relay-service", "client-service")) {
            try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    text.append(Files.readString(file));
                }
            }
        }
        return text.toString();
    }
}
