// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// An overlay as `kubectl kustomize` renders it, parsed strictly: a field that the model does not have is an
/// error.
///
/// @param name its path below k8s/overlays
record Rendered(String name, List<HasMetadata> objects) {
    /// At the end of a name: with what the files offer as comments.
    static final String WITH_OPTIONS = " with all options";

    private static final Path K8S = Path.of("..", "k8s");
    private static final String OVERLAYS = "overlays";

    /// A resource or a component that a site may take in, such as `# - vm.yaml`.
    private static final Pattern OPTION = Pattern.compile("(?m)^( *)# - (\\S+)$");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.ofEntries(
            Map.entry("v1 Namespace", Namespace.class),
            Map.entry("v1 Service", Service.class),
            Map.entry("v1 ServiceAccount", ServiceAccount.class),
            Map.entry("v1 ConfigMap", ConfigMap.class),
            Map.entry("apps/v1 StatefulSet", StatefulSet.class),
            Map.entry("apps/v1 Deployment", Deployment.class),
            Map.entry("networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class),
            Map.entry("policy/v1 PodDisruptionBudget", PodDisruptionBudget.class),
            Map.entry("autoscaling/v2 HorizontalPodAutoscaler", HorizontalPodAutoscaler.class),
            Map.entry("cert-manager.io/v1 Certificate", Certificate.class),
            Map.entry("cert-manager.io/v1 Issuer", Issuer.class),
            Map.entry("monitoring.coreos.com/v1 ServiceMonitor", ServiceMonitor.class),
            Map.entry("monitoring.coreos.com/v1 PrometheusRule", PrometheusRule.class));

    /// The models would keep fields that they do not have; here they are errors.
    private static final ObjectMapper STRICT = new ObjectMapper(new YAMLFactory())
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1L;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                    return false;
                }
            });

    Rendered {
        objects = List.copyOf(objects);
    }

    static boolean isPossible() {
        try {
            return new ProcessBuilder("kubectl", "kustomize", "--help")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static Rendered of(String name) {
        return of(name, K8S.resolve(OVERLAYS).resolve(name));
    }

    /// What a site gets that takes in everything its kustomization.yaml files offer as comments.
    static Rendered withOptions(String name) {
        try {
            var copy = Path.of("target", "k8s-with-options");
            copyWithOptions(copy);
            return of(name + WITH_OPTIONS, copy.resolve(OVERLAYS).resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copyWithOptions(Path copy) throws IOException {
        try (var files = Files.walk(K8S)) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                var target = copy.resolve(K8S.relativize(file));
                Files.createDirectories(target.getParent());
                var text = Files.readString(file);
                Files.writeString(
                        target,
                        file.endsWith("kustomization.yaml")
                                ? OPTION.matcher(text).replaceAll("$1- $2")
                                : text);
            }
        }
    }

    private static Rendered of(String name, Path folder) {
        try {
            var process = new ProcessBuilder("kubectl", "kustomize", folder.toString())
                    .redirectErrorStream(true)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(text);
            }
            return new Rendered(name, parse(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static List<HasMetadata> parse(String yaml) throws IOException {
        var objects = new ArrayList<HasMetadata>();
        try (var nodes = STRICT.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            while (nodes.hasNext()) {
                var node = nodes.next();
                var kind = node.path("apiVersion").asText() + " "
                        + node.path("kind").asText();
                var type = Optional.<Class<? extends HasMetadata>>ofNullable(KINDS.get(kind))
                        .orElseThrow(() -> new AssertionError("No model for " + kind));
                objects.add(STRICT.treeToValue(node, type));
            }
        }
        return objects;
    }

    <T extends HasMetadata> List<T> all(Class<T> type) {
        return objects.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /// A pod as a Deployment or a StatefulSet makes it.
    record Workload(HasMetadata owner, PodTemplateSpec template, int replicas) {
        String namespace() {
            return owner.getMetadata().getNamespace();
        }

        String name() {
            return owner.getMetadata().getName();
        }

        @Override
        public String toString() {
            return namespace() + "/" + name();
        }
    }

    List<Workload> workloads() {
        var workloads = new ArrayList<Workload>();
        for (var set : all(StatefulSet.class)) {
            workloads.add(
                    new Workload(set, set.getSpec().getTemplate(), set.getSpec().getReplicas()));
        }
        for (var deployment : all(Deployment.class)) {
            var replicas =
                    Optional.ofNullable(deployment.getSpec().getReplicas()).orElse(0);
            workloads.add(new Workload(deployment, deployment.getSpec().getTemplate(), replicas));
        }
        return workloads;
    }

    @Override
    public String toString() {
        return name;
    }
}
