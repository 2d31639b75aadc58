// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.AuthoritiesFile;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class InitForKubernetesTest {
    private static final List<String> NAMESPACES =
            List.of("shareferry-p0", "shareferry-p1", "shareferry-r0", "shareferry-c0");
    private static final Path K8S = Path.of("..", "k8s");

    @TempDir
    Path parent;

    private Path folder() {
        return parent.resolve("demo");
    }

    private void init() {
        Run.of("init", "--dir", folder(), "--kubernetes").succeeded();
    }

    private void initWithAuthority() {
        Run.of("authority", "--out", parent.resolve("ca")).succeeded();
        Run.of("init", "--dir", folder(), "--kubernetes", "--ca", parent.resolve("ca"))
                .succeeded();
    }

    private static Map<?, ?> map(Object node) {
        return (Map<?, ?>) node;
    }

    private static <K, V> V get(Map<K, V> map, Object key) {
        return Optional.ofNullable(map.get(key)).orElseThrow();
    }

    /// What an object holds, by `namespace kind name`.
    private Map<String, Map<?, ?>> objects() throws IOException {
        var text = Files.readString(folder().resolve("kubernetes.yaml"));
        var yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
        return StreamSupport.stream(yaml.loadAll(text).spliterator(), false)
                .map(InitForKubernetesTest::map)
                .collect(Collectors.toMap(
                        InitForKubernetesTest::name,
                        object -> map(get(object, "data")),
                        (one, other) -> {
                            throw new AssertionError("twice");
                        },
                        TreeMap::new));
    }

    private static String name(Map<?, ?> object) {
        var metadata = map(get(object, "metadata"));
        return metadata.get("namespace") + " " + object.get("kind") + " " + metadata.get("name");
    }

    private Set<String> names(String namespace) throws IOException {
        return objects().keySet().stream()
                .filter(name -> name.startsWith(namespace + " "))
                .map(name -> name.substring(namespace.length() + 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// The settings come from the overlay.
    private static Set<String> mounted() throws IOException {
        var pod = Files.readString(K8S.resolve("components/member/pod.yaml"));
        var names = new TreeSet<String>();
        Pattern.compile("configMap: \\{name: ([a-z-]+)")
                .matcher(pod)
                .results()
                .map(match -> "ConfigMap " + match.group(1))
                .filter(name -> !name.equals("ConfigMap shareferry-settings"))
                .forEach(names::add);
        Pattern.compile("secretName: ([a-z-]+)")
                .matcher(pod)
                .results()
                .map(match -> "Secret " + match.group(1))
                .forEach(names::add);
        return names;
    }

    @Test
    void every_namespace_gets_the_files_for_its_pod_and_for_prometheus() throws Exception {
        init();

        var expected = mounted();
        assertThat(expected).hasSize(4);
        expected.add("Secret shareferry-monitor");
        for (var namespace : NAMESPACES) {
            assertThat(names(namespace)).isEqualTo(expected);
        }
        assertThat(objects()).hasSize(expected.size() * NAMESPACES.size());
    }

    @Test
    void files_have_the_names_under_which_services_and_prometheus_look_for_them() throws Exception {
        init();

        var pod = Files.readString(K8S.resolve("components/member/pod.yaml"));
        var monitor = Files.readString(K8S.resolve("components/monitoring/service-monitor.yaml"));
        for (var entry : objects().entrySet()) {
            for (var file : entry.getValue().keySet()) {
                var name = entry.getKey().substring(entry.getKey().indexOf(" shareferry-") + 1);
                assertThat(name.endsWith("-monitor") ? monitor : pod)
                        .as(name)
                        .containsPattern(
                                name.endsWith("-monitor")
                                        ? "name: shareferry-monitor, key: " + file
                                        : "/" + file + "\\b");
            }
        }
        assertThat(get(get(objects(), "shareferry-p1 ConfigMap shareferry-roster"), "roster.json")
                        .toString()
                        .strip())
                .isEqualTo(Files.readString(folder().resolve("P1/roster.json")).strip());
    }

    @Test
    void services_are_called_by_their_names_in_a_cluster() throws Exception {
        init();

        var roster = Roster.parse(Files.readString(folder().resolve("P1/roster.json")));
        assertThat(roster.find(MemberName.client(0)).orElseThrow().address())
                .hasValueSatisfying(address -> assertThat(address).hasHost("client-service.shareferry-c0.svc"));
        assertThat(CertificateFiles.read(folder().resolve("R0/tls.crt"))
                        .getFirst()
                        .getSubjectAlternativeNames())
                .extracting(name -> name.get(1).toString())
                // Neighbours, kubectl port-forward, Prometheus.
                .contains("relay-service.shareferry-r0.svc", "localhost", "relay-service");
    }

    @Test
    void the_file_with_all_private_keys_is_for_the_owner_only() throws Exception {
        init();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().resolve("kubernetes.yaml"))))
                .isEqualTo("rw-------");
    }

    @Test
    void with_an_authority_init_writes_no_certificates_of_services() throws Exception {
        initWithAuthority();

        for (var namespace : NAMESPACES) {
            assertThat(names(namespace))
                    .containsExactly(
                            "ConfigMap shareferry-roster",
                            "ConfigMap shareferry-trust",
                            "Secret shareferry-authority",
                            "Secret shareferry-identity");
        }
        var authority = get(objects(), "shareferry-r0 Secret shareferry-authority");
        assertThat(decoded(get(authority, "tls.crt"))).isEqualTo(Files.readString(parent.resolve("ca/ca.crt")));
        assertThat(decoded(get(authority, "tls.key"))).isEqualTo(Files.readString(parent.resolve("ca/ca.key")));
        assertThat(Files.readString(K8S.resolve("components/authority/issuer.yaml")))
                .contains("secretName: shareferry-authority");
    }

    private static String decoded(Object text) {
        return new String(Base64.getDecoder().decode(text.toString()), StandardCharsets.UTF_8);
    }

    @Test
    void with_an_authority_members_trust_it_and_it_signs_certificates_of_users() throws Exception {
        initWithAuthority();

        var authority = CertificateFiles.read(parent.resolve("ca/ca.crt")).getFirst();
        for (var member : List.of("P0", "P1", "R0", "C0")) {
            assertThat(folder().resolve(member).resolve("trust.pem")).doesNotExist();
            var named = AuthoritiesFile.parse(
                    Files.readString(folder().resolve(member).resolve("authorities.json")));
            assertThat(named).singleElement().satisfies(one -> {
                assertThat(one.certificate()).isEqualTo(authority);
                assertThat(one.memberNames())
                        .isEqualTo(
                                member.equals("R0")
                                        ? "P0, P1, R0, C0"
                                        : member.startsWith("P") ? member + ", R0" : "R0, C0");
            });
            var user = folder().resolve("users").resolve(member);
            CertificateFiles.read(user.resolve("user.crt")).getFirst().verify(authority.getPublicKey());
            assertThat(user.resolve("ca.crt")).hasSameTextualContentAs(parent.resolve("ca/ca.crt"));
            assertThat(folder().resolve(member).resolve("tls.key")).doesNotExist();
        }
    }

    @Test
    void an_authority_is_refused_without_kubernetes() {
        Run.of("init", "--dir", folder(), "--containers", "--ca", parent).failedWith("--ca needs --kubernetes");
        Run.of("init", "--dir", folder(), "--ca", parent).failedWith("--ca needs --kubernetes");
    }

    @Test
    void a_folder_without_an_authority_is_refused_before_anything_is_created() {
        Run.of("init", "--dir", folder(), "--kubernetes", "--ca", parent).failedWith("ca.crt");

        assertThat(folder()).doesNotExist();
    }
}
