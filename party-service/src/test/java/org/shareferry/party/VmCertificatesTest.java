// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.PlayerData;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;

/// A failed handshake kills a VM. So a service with unusable certificates does not connect, and says what is wrong
/// and what to do.
class VmCertificatesTest {
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final List<String> FILES = List.of("C1.pem", "C1.key", "P1.pem", "P1.key");

    @TempDir
    static Path folder;

    /// Valid files, with which each test begins.
    @TempDir
    static Path good;

    @TempDir
    static Path others;

    private static VmHost vmHost;
    private static RunId run = new RunId(1, 1);

    @BeforeAll
    static void start() throws Exception {
        for (var name : List.of("C1", "P1")) {
            new PlayerData(good).make(name, Instant.now());
            new PlayerData(others).make(name, Instant.now());
        }
        // The folder is empty; the service starts nevertheless.
        vmHost = VmHost.start(
                "shareferry.party.vm.tls=true",
                "shareferry.party.vm.certificates=" + folder,
                "shareferry.party.vm.client=1");
    }

    @AfterAll
    static void stop() {
        vmHost.close();
    }

    @BeforeEach
    void fix() throws IOException {
        restoreEverything();
    }

    private static void restoreEverything() throws IOException {
        for (var file : FILES) {
            copy(good, file);
        }
    }

    private static void copy(Path from, String file) throws IOException {
        Files.copy(from.resolve(file), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    }

    private interface Fault {
        void in(PlayerData certificates) throws Exception;
    }

    private static Arguments fault(String name, String cause, Fault fault) {
        return Arguments.argumentSet(name, cause, fault);
    }

    private static Fault certificate(String file, String name, Duration from, Duration to) {
        var now = Instant.now();
        return certificates -> certificates.make(file, name, now.plus(from), now.plus(to));
    }

    static Stream<Arguments> faults() {
        var past = MONTH.negated();
        return Stream.of(
                fault("expired P1", "P1.pem is valid from", certificate("P1", "P1", past, Duration.ofMinutes(-1))),
                fault("P1 not yet valid", "P1.pem is valid from", certificate("P1", "P1", Duration.ofHours(1), MONTH)),
                fault("P1 that names P0", "P1.pem does not name P1", certificate("P1", "P0", past, MONTH)),
                fault("expired C1", "C1.pem is valid from", certificate("C1", "C1", past, Duration.ofMinutes(-1))),
                fault("C1 not yet valid", "C1.pem is valid from", certificate("C1", "C1", Duration.ofHours(1), MONTH)),
                fault("C1 that names C0", "C1.pem does not name C1", certificate("C1", "C0", past, MONTH)),
                fault("key of another C1", "C1.key does not belong to C1.pem", in -> copy(others, "C1.key")),
                fault("no C1.pem", "C1.pem cannot be read; ", in -> remove("C1.pem")),
                fault("no C1.key", "C1.key cannot be read; ", in -> remove("C1.key")),
                fault("no P1.pem", "P1.pem cannot be read; ", in -> remove("P1.pem")),
                fault(
                        "P1.pem of another kind",
                        "P1.pem cannot be used as a certificate. It contains no certificate in PEM.",
                        in -> write("P1.pem")),
                fault(
                        "C1.key of another kind",
                        "C1.key cannot be used as a private key. It contains no private key in PEM.",
                        in -> write("C1.key")));
    }

    private static void remove(String file) throws IOException {
        Files.delete(folder.resolve(file));
    }

    private static void write(String file) throws IOException {
        Files.writeString(folder.resolve(file), "not a PEM file");
    }

    @ParameterizedTest
    @MethodSource("faults")
    void unusable_certificates_prevent_a_connection_and_the_status_shows_the_cause(String cause, Fault fault)
            throws Exception {
        fault.in(new PlayerData(folder));

        await().untilAsserted(() -> {
            assertThat(vmHost.state()).isEqualTo("unusable");
            assertThat(vmHost.problem()).startsWith(folder.toString()).contains(cause);
        });
        assertThat(vmHost.managed("/actuator/health"))
                .contains("\"state\":\"unusable\"")
                .contains("\"status\":\"UP\"");
        assertThat(vmHost.problem())
                .contains(
                        cause.startsWith("P1")
                                ? "vm-certificates --mpspdz FOLDER --party 1 --renew"
                                : "setup-clients.sh");
        try (var listening = new ServerSocket(vmHost.port(), 10, InetAddress.getLoopbackAddress())) {
            // The files were read many times meanwhile.
            listening.setSoTimeout(500);
            assertThatThrownBy(listening::accept).isInstanceOf(SocketTimeoutException.class);

            // It connects after the correction, without a restart.
            restoreEverything();
            listening.setSoTimeout((int) PATIENCE.toMillis());
            try (var accepted = listening.accept()) {
                assertThat(accepted.getInputStream().readNBytes(5)).containsExactly(1, 0, 0, 0, '1');
            }
        }
    }

    /// MP-SPDZ requires no client certificate, and the service does not need the VM's key.
    @Test
    void a_service_without_a_client_number_needs_only_the_certificate_of_its_vm() throws Exception {
        var only = Files.createDirectory(good.resolve("only-P1"));
        Files.copy(good.resolve("P1.pem"), only.resolve("P1.pem"));
        try (var other = VmHost.start("shareferry.party.vm.tls=true", "shareferry.party.vm.certificates=" + only);
                var vm = vm(good, other.port())) {
            await().untilAsserted(() ->
                    assertThat(other.status().path("run").asString("")).isEqualTo(run.toString()));
            assertThat(vm.port()).isEqualTo(other.port());
        }
    }

    /// A VM with a new run id.
    private static StandInVm vm(Path certificates, int port) throws IOException {
        run = new RunId(1, run.second() + 1);
        var program = new CountingProgram(ScriptedVm.RING, run, 1, 2, Scheme.ADDITIVE, List.of(new Shape(1, 1)));
        var alone = new VmNetwork(2, PATIENCE);
        return new StandInVm(program, alone, FaultInjection.NO_FAULTS, Optional.of(new PlayerData(certificates)), port);
    }

    @Test
    void valid_certificates_allow_a_dialog() throws Exception {
        try (var vm = vm(good, vmHost.port())) {
            await().untilAsserted(() ->
                    assertThat(vmHost.status().path("run").asString("")).isEqualTo(run.toString()));
            assertThat(vmHost.state()).isEqualTo("connected");
            assertThat(vm.port()).isEqualTo(vmHost.port());
        }
    }

    /// The service checks five times a second whether it is stopping, also within a TLS record.
    @Test
    void a_stall_within_a_tls_record_loses_no_data() throws Exception {
        try (var vm = vm(good, 0);
                var listening = new ServerSocket(vmHost.port(), 10, InetAddress.getLoopbackAddress());
                var service = listening.accept();
                var toVm = new Socket(InetAddress.getLoopbackAddress(), vm.port())) {
            Thread.ofVirtual().start(() -> pass(service, toVm, Duration.ZERO));
            Thread.ofVirtual().start(() -> pass(toVm, service, Duration.ofMillis(300)));

            await().untilAsserted(() ->
                    assertThat(vmHost.status().path("run").asString("")).isEqualTo(run.toString()));
        }
    }

    /// Forwards all data in two halves.
    private static void pass(Socket from, Socket to, Duration pause) {
        var buffer = new byte[1 << 14];
        try {
            for (int count = from.getInputStream().read(buffer); count > 0; ) {
                to.getOutputStream().write(buffer, 0, count / 2);
                Thread.sleep(pause);
                to.getOutputStream().write(buffer, count / 2, count - count / 2);
                count = from.getInputStream().read(buffer);
            }
        } catch (IOException | InterruptedException e) {
            // The test is over.
        }
    }

    /// A different valid certificate with the same name is detected only in the handshake.
    @Test
    void another_certificate_with_the_same_name_fails_the_handshake() throws Exception {
        Files.copy(good.resolve("C1.pem"), others.resolve("C1.pem"), StandardCopyOption.REPLACE_EXISTING);
        try (var vm = vm(others, vmHost.port())) {
            assertThat(vm.await(PATIENCE))
                    .matches(ending -> ending instanceof DialogEnd.Killed || ending.equals(new DialogEnd.Broken(0)));
            await().untilAsserted(() -> assertThat(vmHost.problem())
                    .contains("certificate differs from P1.pem here")
                    .contains("copy the VM's P1.pem"));
            assertThat(vmHost.status().has("run")).isFalse();
        }
    }
}
