// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.containers.kubernetes.Overlays.overlay;
import static org.shareferry.containers.kubernetes.Overlays.withOptions;

import io.fabric8.certmanager.api.model.v1.Certificate;
import io.fabric8.certmanager.api.model.v1.Issuer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.containers.kubernetes.Rendered.Workload;

/// Certificates from cert-manager.
@EnabledIf(
        value = "org.shareferry.containers.kubernetes.Rendered#isPossible",
        disabledReason = "no kubectl here to render the overlays with")
class CertificatesTest {
    private static final String OVERLAYS = "org.shareferry.containers.kubernetes.Overlays#all";

    private static List<String> names(Rendered overlay) {
        return overlay.all(Certificate.class).stream()
                .map(certificate -> certificate.getSpec().getCommonName())
                .toList();
    }

    private static List<String> ofMembers(String... members) {
        return Stream.of(members)
                .flatMap(member -> Stream.of(member, member + "-user", member + "-monitor"))
                .toList();
    }

    @Test
    void certificates_have_the_members_names() {
        assertThat(names(overlay("demo-operators")))
                .containsExactlyInAnyOrderElementsOf(ofMembers("P0", "P1", "R0", "C0"));
    }

    /// Two who write the same Secret would undo each other's work.
    @ParameterizedTest
    @MethodSource("sites")
    void sites_have_no_certificates_by_default(Rendered overlay) {
        assertThat(overlay.all(Certificate.class)).isEmpty();
        assertThat(overlay.all(Issuer.class)).isEmpty();
    }

    static Stream<Rendered> sites() {
        return Overlays.SITES.stream().map(Overlays::overlay);
    }

    /// C0 pins the relay's: an authority that C0 believes could pose as its user.
    @Test
    void sites_with_the_option_have_certificates_of_their_members() {
        assertThat(names(withOptions("production/site-p0"))).containsExactlyInAnyOrderElementsOf(ofMembers("P0"));
        assertThat(names(withOptions("production/site-p1"))).containsExactlyInAnyOrderElementsOf(ofMembers("P1"));
        assertThat(names(withOptions("production/site-c0"))).containsExactlyInAnyOrderElementsOf(ofMembers("C0"));
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void a_services_certificate_is_mounted_and_is_for_servers_and_clients(Rendered overlay) {
        for (var workload : overlay.workloads()) {
            if (!certificates(overlay, workload).isEmpty()) {
                var certificate =
                        certificate(overlay, workload, "shareferry-tls").getSpec();
                assertThat(workload.template().getSpec().getVolumes())
                        .filteredOn(volume -> volume.getName().equals("tls"))
                        .singleElement()
                        .satisfies(volume ->
                                assertThat(volume.getSecret().getSecretName()).isEqualTo(certificate.getSecretName()));
                assertThat(certificate.getUsages())
                        .containsExactlyInAnyOrder("digital signature", "server auth", "client auth");
                assertThat(certificate.getDnsNames())
                        .contains(
                                workload.name(),
                                workload.name() + "." + workload.namespace() + ".svc",
                                // kubectl port-forward
                                "localhost");
            }
        }
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void other_certificates_are_for_clients_only(Rendered overlay) {
        assertThat(overlay.all(Certificate.class))
                .filteredOn(
                        certificate -> !certificate.getSpec().getSecretName().equals("shareferry-tls"))
                .allSatisfy(certificate -> {
                    assertThat(certificate.getSpec().getUsages())
                            .containsExactlyInAnyOrder("digital signature", "client auth");
                    assertThat(certificate.getSpec().getDnsNames()).isEmpty();
                });
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void keys_are_rotated_and_have_a_supported_type(Rendered overlay) {
        assertThat(overlay.all(Certificate.class)).allSatisfy(certificate -> {
            var key = certificate.getSpec().getPrivateKey();
            assertThat(key.getAlgorithm()).isEqualTo("ECDSA");
            assertThat(key.getSize()).isEqualTo(256);
            assertThat(key.getEncoding()).isEqualTo("PKCS8");
            assertThat(key.getRotationPolicy()).isEqualTo("Always");
        });
    }

    @ParameterizedTest
    @MethodSource(OVERLAYS)
    void the_issuer_of_a_certificate_is_in_its_namespace(Rendered overlay) {
        assertThat(overlay.all(Certificate.class))
                .allSatisfy(certificate -> assertThat(overlay.all(Issuer.class))
                        .filteredOn(issuer -> namespace(issuer).equals(namespace(certificate)))
                        .singleElement()
                        .satisfies(issuer -> assertThat(issuer.getMetadata().getName())
                                .isEqualTo(certificate.getSpec().getIssuerRef().getName())));
    }

    @Test
    void the_clients_has_the_name_under_which_the_relay_reaches_it() {
        assertThat(withOptions("production/site-c0").all(Certificate.class))
                .filteredOn(certificate -> certificate.getSpec().getCommonName().equals("C0"))
                .singleElement()
                .satisfies(certificate ->
                        assertThat(certificate.getSpec().getDnsNames()).contains("client.c0.example"));
    }

    private static List<Certificate> certificates(Rendered overlay, Workload workload) {
        return overlay.all(Certificate.class).stream()
                .filter(certificate -> namespace(certificate).equals(workload.namespace()))
                .toList();
    }

    private static Certificate certificate(Rendered overlay, Workload workload, String name) {
        return certificates(overlay, workload).stream()
                .filter(certificate -> certificate.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String namespace(HasMetadata object) {
        return object.getMetadata().getNamespace();
    }
}
