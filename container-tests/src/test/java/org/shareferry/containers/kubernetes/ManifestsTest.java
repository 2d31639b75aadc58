// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.containers.kubernetes.Rendered.Workload;

/// What every pod of every overlay has.
@EnabledIf(
        value = "org.shareferry.containers.kubernetes.Rendered#isPossible",
        disabledReason = "no kubectl here to render the overlays with")
class ManifestsTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "deploy-kubernetes.md");
    private static final String OVERLAYS = "org.shareferry.containers.kubernetes.Overlays#all";
    private static final String WORKLOADS = "org.shareferry.containers.kubernetes.Overlays#workloads";

    @Test
    void an_unknown_field_is_detected() {
        assertThatThrownBy(() -> Rendered.parse("""
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: x}
                        spec: {replica: 1}
                        """)).isInstanceOf(UnrecognizedPropertyException.class);
    }

    @Test
    void the_tests_list_every_overlay() throws IOException {
        try (var files = Files.walk(Path.of("..", "k8s", "overlays"), 2)) {
            var found = files.filter(file -> file.getFileName().toString().equals("kustomization.yaml"))
                    .map(file -> file.getName(file.getNameCount() - 2).toString());
            assertThat(found).containsExactlyInAnyOrderElementsOf(Overlays.DEMOS);
        }
        try (var sites = Files.list(Path.of("..", "k8s", "overlays", "production"))) {
            assertThat(sites.map(site -> "production/" + site.getFileName()))
                    .containsExactlyInAnyOrderElementsOf(Overlays.SITES);
        }
    }

    @ParameterizedTest
    @MethodSource(WORKLOADS)
    void containers_have_restricted_privileges(Workload workload) {
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
    @MethodSource(WORKLOADS)
    void containers_have_probes_and_resource_limits(Workload workload) {
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
    @MethodSource(OVERLAYS)
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
    @MethodSource(OVERLAYS)
    void no_secret_is_in_a_manifest(Rendered overlay) {
        assertThat(overlay.objects()).noneMatch(object -> object.getKind().equals("Secret"));
        assertThat(overlay.all(ConfigMap.class))
                .allSatisfy(map -> assertThat(map.getData())
                        .containsOnlyKeys("application.yml")
                        .allSatisfy((file, text) -> assertThat(text).doesNotContain("PRIVATE KEY", "password")));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void every_mounted_object_is_in_the_overlay_or_in_the_documents(Rendered overlay) throws IOException {
        var document = Files.readString(DOCUMENT);
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

    /// The steps for three sites make each object that pods mount, under its name, with its keys, in each namespace.
    @Test
    void the_steps_in_the_documents_create_the_objects_that_sites_mount() throws IOException {
        var document = Files.readString(DOCUMENT).replace("\\\n", " ");
        for (var site : Overlays.SITES) {
            for (var workload : Overlays.overlay(site).workloads()) {
                assertThat(document).contains("objects " + workload.namespace() + " ");
                assertThat(document).contains("certificates " + workload.namespace() + " ");
                for (var variable :
                        workload.template().getSpec().getContainers().getFirst().getEnv()) {
                    if (variable.getValueFrom() != null) {
                        var key = variable.getValueFrom().getSecretKeyRef();
                        assertThat(document)
                                .containsPattern(
                                        "create secret generic " + key.getName() + " .*--from-literal=" + key.getKey());
                    }
                }
            }
        }
        assertThat(document)
                .contains("create secret tls shareferry-tls ")
                .containsPattern("create secret generic shareferry-identity --from-file=\\S*/identity.pem")
                .containsPattern("create configmap shareferry-roster --from-file=\\S*/roster.json")
                .containsPattern("create configmap shareferry-trust --from-file=\\S*/trust.pem")
                .containsPattern("create secret generic shareferry-database --from-file=ca.crt=");
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
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
        var site = Overlays.overlay("production/site-p0");
        var relay = site.workloads().stream()
                .filter(workload -> workload.name().equals("relay-service"))
                .findFirst()
                .orElseThrow();

        assertThat(relay.owner().getKind()).isEqualTo("Deployment");
        assertThat(site.all(HorizontalPodAutoscaler.class)).singleElement().satisfies(autoscaler -> {
            assertThat(autoscaler.getSpec().getScaleTargetRef().getName()).isEqualTo("relay-service");
            assertThat(autoscaler.getSpec().getMinReplicas()).isGreaterThan(1);
        });
        assertThat(databaseUrl(relay).getValueFrom().getSecretKeyRef().getName())
                .isEqualTo("shareferry-database");
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void sqlite_has_one_replica_and_a_volume_and_no_autoscaler(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            var url = databaseUrl(workload);
            if (url.getValue() != null) {
                assertThat(url.getValue()).startsWith("jdbc:sqlite:/var/lib/shareferry/");
                assertThat(workload.owner().getKind()).isEqualTo("StatefulSet");
                assertThat(workload.replicas()).isEqualTo(1);
                assertThat(overlay.all(HorizontalPodAutoscaler.class))
                        .filteredOn(autoscaler -> isIn(autoscaler, workload))
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void postgres_is_verified_with_the_authority_that_the_documents_name(Rendered overlay) throws IOException {
        var document = Files.readString(DOCUMENT);
        for (var workload : overlay.workloads()) {
            if (databaseUrl(workload).getValue() == null) {
                var volume = workload.template().getSpec().getVolumes().stream()
                        .filter(each -> each.getName().equals("database"))
                        .findFirst()
                        .orElseThrow();
                var mount = workload.template().getSpec().getContainers().getFirst().getVolumeMounts().stream()
                        .filter(each -> each.getName().equals("database"))
                        .findFirst()
                        .orElseThrow();
                var file = volume.getSecret().getItems().getFirst();
                assertThat(volume.getSecret().getSecretName()).isEqualTo("shareferry-database");
                assertThat(document)
                        .contains("`" + file.getKey() + "`")
                        .contains("sslmode=verify-full&sslrootcert=" + mount.getMountPath() + "/" + file.getPath());
            }
        }
        assertThat(document.lines().filter(line -> line.contains("jdbc:postgresql://HOST")))
                .isNotEmpty()
                .allMatch(line -> line.contains("sslmode=verify-full"));
    }

    private static EnvVar databaseUrl(Workload workload) {
        return workload.template().getSpec().getContainers().getFirst().getEnv().stream()
                .filter(variable -> variable.getName().equals("SPRING_DATASOURCE_URL"))
                .findFirst()
                .orElseThrow();
    }
}
