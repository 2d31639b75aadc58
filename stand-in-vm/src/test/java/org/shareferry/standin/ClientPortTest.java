// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;

/// The client port behaves as MP-SPDZ's: what kills a real party's process ends the stand-in.
class ClientPortTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private StandInVm vm = plain(FaultInjection.NO_FAULTS);

    @BeforeAll
    static void makeCertificates() throws Exception {
        var certificates = new PlayerData(folder);
        for (var name : List.of("P1", "C0", "C1")) {
            certificates.make(name, Instant.now());
        }
        var past = Instant.now().minus(Duration.ofDays(40));
        certificates.make("C2", "C2", past, past.plus(Duration.ofDays(30)));
    }

    @AfterEach
    void stop() {
        vm.close();
    }

    private static CountingProgram program(Shape... deliveries) {
        return new CountingProgram(
                new Domain.Ring(128, 64), new RunId(1, 2), 1, 2, Scheme.ADDITIVE, List.of(deliveries));
    }

    private static StandInVm plain(FaultInjection faults) {
        try {
            return new StandInVm(program(), new VmNetwork(1, PATIENCE), faults, Optional.empty(), 0);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void listenWithTls() throws Exception {
        vm.close();
        vm = new StandInVm(
                program(),
                new VmNetwork(1, PATIENCE),
                FaultInjection.NO_FAULTS,
                Optional.of(new PlayerData(folder)),
                0);
    }

    @Test
    void a_client_that_disconnects_silently_has_no_effect() throws Exception {
        ScriptedClient.connect(vm).close();

        try (var client = ScriptedClient.connect(vm, "1")) {
            assertThat(client.read()).startsWith('R', 0, 0, 0).hasSize(12);
        }
    }

    @Test
    void the_largest_number_that_a_service_draws_is_accepted() throws Exception {
        try (var client = ScriptedClient.connect(vm, "2147483647")) {
            assertThat(client.read()).startsWith('R', 0, 0, 0);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"C1", "2147483648"})
    void a_client_id_that_is_no_number_stops_the_vm(String id) throws Exception {
        try (var client = ScriptedClient.connect(vm, id)) {
            assertThat(vm.await(PATIENCE)).isEqualTo(new DialogEnd.Killed("stoi"));
            assertThat(client.isClosedByVm()).isTrue();
        }
    }

    @Test
    void an_impossible_id_length_stops_the_vm() throws Exception {
        try (var client = ScriptedClient.connect(vm)) {
            client.socket().getOutputStream().write("GET / HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));

            assertThat(vm.await(PATIENCE)).isInstanceOf(DialogEnd.Killed.class);
        }
    }

    @Test
    void a_second_client_with_the_same_id_stops_the_vm() throws Exception {
        try (var first = ScriptedClient.connect(vm, "1")) {
            first.read();
            try (var second = ScriptedClient.connect(vm, "1")) {
                assertThat(vm.await(PATIENCE)).isEqualTo(new DialogEnd.Killed("client 1 already connected"));
                assertThat(second.isClosedByVm()).isTrue();
            }
        }
    }

    @Test
    void a_stopped_vm_does_not_listen() throws Exception {
        vm.close();

        assertThatThrownBy(() -> ScriptedClient.connect(vm)).isInstanceOf(ConnectException.class);
    }

    @Test
    void the_vm_sends_nothing_before_it_accepts() throws Exception {
        vm.close();
        vm = plain(Faults.acceptsAfter(Duration.ofDays(1)));

        try (var client = ScriptedClient.connect(vm, "1")) {
            client.socket().setSoTimeout(200);

            assertThatThrownBy(client::read).isInstanceOf(java.net.SocketTimeoutException.class);
            assertThatThrownBy(() -> vm.await(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        }
    }

    @Test
    void the_vm_uses_tls_1_2_with_its_partys_certificate() throws Exception {
        listenWithTls();

        try (var client = ScriptedClient.connect(vm, "0")) {
            var socket = secure(client, "C0");

            assertThat(client.read()).startsWith('R', 0, 0, 0);
            assertThat(socket.getSession().getProtocol()).isEqualTo("TLSv1.2");
            var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=P1");
            assertThat(shown.getPublicKey().getAlgorithm()).isEqualTo("RSA");
        }
    }

    @Test
    void another_clients_certificate_stops_the_vm() throws Exception {
        listenWithTls();

        assertThatThrownBy(() -> {
                    try (var client = ScriptedClient.connect(vm, "0")) {
                        secure(client, "C1");
                        client.read();
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(vm.await(PATIENCE).toString()).contains("Server-side handshake with C0 failed");
    }

    @Test
    void an_expired_certificate_stops_the_vm() throws Exception {
        listenWithTls();

        assertThatThrownBy(() -> {
                    try (var client = ScriptedClient.connect(vm, "2")) {
                        secure(client, "C2");
                        client.read();
                    }
                })
                .isInstanceOf(IOException.class);
        assertThat(vm.await(PATIENCE).toString()).contains("Server-side handshake with C2 failed");
    }

    @Test
    void a_client_without_tls_stops_the_vm() throws Exception {
        listenWithTls();

        try (var client = ScriptedClient.connect(vm, "0")) {
            client.write(new byte[64]);

            assertThat(vm.await(PATIENCE)).isInstanceOf(DialogEnd.Killed.class);
        }
    }

    private static SSLSocket secure(ScriptedClient client, String name) throws Exception {
        var context = SSLContext.getInstance("TLSv1.2");
        context.init(new PlayerData(folder).keyManagers(name), new TrustAll[] {new TrustAll()}, null);
        var socket = (SSLSocket) context.getSocketFactory().createSocket(client.socket(), "localhost", 0, true);
        socket.startHandshake();
        client.over(socket);
        return socket;
    }

    /// The client is not what is tested here.
    private static final class TrustAll implements javax.net.ssl.X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
