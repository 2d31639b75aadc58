// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the Prometheus operator is told: where metrics are, and what to alert about.
@EnabledIf(
        value = "org.shareferry.containers.kubernetes.Rendered#isPossible",
        disabledReason = "no kubectl here to render the overlays with")
class MonitoringTest {
    private static final String WATCHED = "watched";
    private static final Pattern METRIC = Pattern.compile("shareferry_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile("(?:shareferry_[a-z_]+|\\bup)(\\{[^}]*})?");

    static Stream<Rendered> watched() {
        return Overlays.all().filter(overlay -> !overlay.name().equals("demo"));
    }

    private static <T extends HasMetadata> T only(Rendered overlay, Class<T> type, String namespace) {
        var found = overlay.all(type).stream()
                .filter(object -> object.getMetadata().getNamespace().equals(namespace))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @ParameterizedTest
    @MethodSource(WATCHED)
    void metrics_of_every_service_are_scraped_over_mutual_tls(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            var monitor = only(overlay, ServiceMonitor.class, workload.namespace());
            var endpoint = monitor.getSpec().getEndpoints().getFirst();
            var tls = endpoint.getTlsConfig();

            assertThat(endpoint.getScheme().toString()).isEqualToIgnoringCase("https");
            assertThat(endpoint.getPath()).isEqualTo("/metrics");
            assertThat(tls.getServerName()).isEqualTo(workload.name());
            assertThat(tls.getInsecureSkipVerify()).isNotEqualTo(true);
            // The service's own certificate: nobody else is believed to be the service.
            assertThat(tls.getCa().getSecret().getName()).isEqualTo("shareferry-tls");
            assertThat(tls.getCa().getSecret().getKey()).isEqualTo("tls.crt");
            assertThat(tls.getCert().getSecret().getName()).isEqualTo("shareferry-monitor");
            assertThat(tls.getCert().getSecret().getKey()).isEqualTo("tls.crt");
            assertThat(tls.getKeySecret().getName()).isEqualTo("shareferry-monitor");
            assertThat(tls.getKeySecret().getKey()).isEqualTo("tls.key");
        }
    }

    @ParameterizedTest
    @MethodSource(WATCHED)
    void every_monitor_selects_one_service_and_its_port(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            var monitor =
                    only(overlay, ServiceMonitor.class, workload.namespace()).getSpec();

            assertThat(overlay.all(Service.class))
                    .filteredOn(service -> service.getMetadata().getNamespace().equals(workload.namespace()))
                    .filteredOn(service -> labels(service)
                            .containsAll(monitor.getSelector().getMatchLabels().entrySet()))
                    .singleElement()
                    .satisfies(service -> {
                        assertThat(service.getMetadata().getName()).isEqualTo(workload.name());
                        assertThat(service.getSpec().getPorts())
                                .extracting(port -> port.getName())
                                .contains(monitor.getEndpoints().getFirst().getPort());
                    });
        }
    }

    private static Set<Map.Entry<String, String>> labels(Service service) {
        return Optional.ofNullable(service.getMetadata().getLabels())
                .orElse(Map.of())
                .entrySet();
    }

    @ParameterizedTest
    @MethodSource(WATCHED)
    void the_name_that_a_monitor_expects_is_in_the_certificate(Rendered overlay) {
        for (var certificate : overlay.all(Certificate.class)) {
            var monitor = only(
                            overlay,
                            ServiceMonitor.class,
                            certificate.getMetadata().getNamespace())
                    .getSpec();
            var tls = monitor.getEndpoints().getFirst().getTlsConfig();
            if (certificate.getSpec().getSecretName().equals("shareferry-tls")) {
                assertThat(certificate.getSpec().getDnsNames()).contains(tls.getServerName());
            }
        }
        assertThat(overlay.all(Certificate.class))
                .filteredOn(certificate -> certificate.getSpec().getCommonName().endsWith("-monitor"))
                .allMatch(certificate -> certificate.getSpec().getSecretName().equals("shareferry-monitor"));
    }

    private static List<Rule> rules(PrometheusRule object) {
        return object.getSpec().getGroups().stream()
                .flatMap(group -> group.getRules().stream())
                .toList();
    }

    /// Otherwise each object would tell of all members of a cluster, once more.
    @ParameterizedTest
    @MethodSource(WATCHED)
    void every_rule_selects_its_own_namespace(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            for (var rule : rules(only(overlay, PrometheusRule.class, workload.namespace()))) {
                var selectors = SELECTOR.matcher(rule.getExpr().getStrVal())
                        .results()
                        .map(MatchResult::group)
                        .toList();
                assertThat(selectors)
                        .isNotEmpty()
                        .allMatch(selector -> selector.contains("{namespace=\"" + workload.namespace() + "\""));
                assertThat(rule.getExpr().getStrVal()).doesNotContain("NAMESPACE", "SERVICE");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(WATCHED)
    void a_service_that_is_down_or_absent_raises_an_alert(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            var up = "up{namespace=\"" + workload.namespace() + "\", service=\"" + workload.name() + "\"}";
            assertThat(rules(only(overlay, PrometheusRule.class, workload.namespace())))
                    .extracting(rule -> rule.getAlert() + ": " + rule.getExpr().getStrVal())
                    .contains("ServiceDown: " + up + " == 0", "ServiceAbsent: absent(" + up + ")");
        }
    }

    @Test
    void every_alert_uses_an_existing_metric_and_is_documented() throws IOException {
        var sources = sources();
        var document = Files.readString(Path.of("..", "docs", "deploy-kubernetes.md"));

        for (var rule : relaysRules()) {
            assertThat(document).contains("`" + rule.getAlert() + "`");
            METRIC.matcher(rule.getExpr().getStrVal())
                    .results()
                    .map(MatchResult::group)
                    .forEach(metric -> assertThat(sources)
                            .as(metric)
                            .contains("\""
                                    + metric.replaceAll("_(seconds|total)$", "").replace('_', '.') + "\""));
        }
    }

    /// A party comes again when keys are there or others' envelopes have gone.
    @Test
    void temporary_refusals_raise_no_alert() throws IOException {
        var sources = sources();
        var refused = relaysRules().stream()
                .filter(rule -> rule.getAlert().equals("EnvelopeRefused"))
                .findFirst()
                .orElseThrow();

        var reasons = Pattern.compile("reason!~\"([^\"]*)\"")
                .matcher(refused.getExpr().getStrVal())
                .results()
                .flatMap(match -> Stream.of(match.group(1).split("\\|")))
                .toList();
        assertThat(reasons)
                .containsExactlyInAnyOrder("keys-unavailable", "quota-used-up")
                .allSatisfy(reason -> assertThat(sources)
                        .contains("Reason." + reason.toUpperCase(Locale.ROOT).replace('-', '_')));
    }

    @Test
    void all_alerts_of_compose_exist_in_kubernetes() throws IOException {
        var compose = Files.readString(Path.of("..", "observe", "prometheus", "alerts.yml"));
        var names =
                Pattern.compile("- alert: (\\w+)").matcher(compose).results().map(match -> match.group(1));

        assertThat(relaysRules()).extracting(Rule::getAlert).containsAll(names.toList());
    }

    private static List<Rule> relaysRules() {
        return rules(only(Overlays.overlay("production/site-p0"), PrometheusRule.class, "shareferry-relay"));
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
