// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.diagnostics.Checkup;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.member.StartupException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.mock.env.MockEnvironment;

/// P1's service, which runs its own checks. Its own certificate is valid for 265 days from the start.
class DiagnosticsHealthTest {
    private static final MemberName P1 = MemberName.party(1);

    /// Nothing listens there on a machine of today.
    private static final int CLOSED_PORT = 1;

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private List<Finding> storage = List.of();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @BeforeEach
    void files() throws Exception {
        var identity = IdentityKey.generate();
        KeyFiles.write(folder.resolve("identity.pem"), identity);
        var own = Certificate.of("P1");
        own.write(folder, "tls");
        var ownerOnly = PosixFilePermissions.fromString("rw-------");
        Files.setPosixFilePermissions(folder.resolve("tls.key"), ownerOnly);
        Files.writeString(
                folder.resolve("trust.pem"), own.pem() + Certificate.of("R0").pem());
        var roster = Roster.of(List.of(
                new Member(P1, Optional.empty(), List.of(identity.publicKey())),
                new Member(
                        MemberName.party(0),
                        Optional.empty(),
                        List.of(IdentityKey.generate().publicKey())),
                new Member(
                        MemberName.client(0),
                        Optional.empty(),
                        List.of(IdentityKey.generate().publicKey())),
                new Member(
                        MemberName.parse("R0"),
                        Optional.of(URI.create("https://127.0.0.1:" + CLOSED_PORT)),
                        List.of(IdentityKey.generate().publicKey()))));
        Files.writeString(folder.resolve("roster.json"), roster.toJson());
    }

    private MockEnvironment settings() {
        return new MockEnvironment()
                .withProperty("shareferry.member", "P1")
                .withProperty("shareferry.party.protocol", "spdz2k")
                .withProperty("shareferry.tls.certificate", "" + folder.resolve("tls.crt"))
                .withProperty("shareferry.tls.private-key", "" + folder.resolve("tls.key"))
                .withProperty("shareferry.tls.trust", "" + folder.resolve("trust.pem"))
                .withProperty("shareferry.tls.authorities", "" + folder.resolve("authorities.json"))
                .withProperty("shareferry.roster", "" + folder.resolve("roster.json"))
                .withProperty("shareferry.identity-key", "" + folder.resolve("identity.pem"))
                .withProperty("spring.datasource.url", "jdbc:sqlite:" + folder.resolve("party.db"));
    }

    private Checkup checkup() {
        return new Checkup(HealthConfiguration.site(settings()), clock);
    }

    private DiagnosticsHealth watch() {
        return new DiagnosticsHealth(checkup(), () -> storage, clock, meters);
    }

    private double findings(String level) {
        return meters.get("shareferry.doctor.findings")
                .tag("level", level)
                .gauge()
                .value();
    }

    private double remaining(String certificate) {
        return meters.get("shareferry.certificate.remaining")
                .tag("certificate", certificate)
                .gauge()
                .value();
    }

    @Test
    void a_member_without_fault_is_up_and_its_metrics_say_how_long_certificates_last() {
        var watch = watch();
        watch.lookAtFiles();

        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
        assertThat(watch.health().getDetails()).isEmpty();
        assertThat(findings("warning")).isZero();
        assertThat(findings("fault")).isZero();
        assertThat(remaining("tls.crt")).isEqualTo(Duration.ofDays(265).toSeconds());
        assertThat(remaining("trust.pem for R0")).isEqualTo(Duration.ofDays(265).toSeconds());
    }

    @Test
    void its_people_are_shown_all_findings_and_the_dates_of_certificates() {
        var watch = watch();
        clock.advance(Duration.ofDays(262));
        watch.lookAtFiles();

        var shown = new FindingsController(watch).findings();

        assertThat(shown.findings())
                .filteredOn(finding -> finding.fault().equals(Optional.of("certificate-ends-soon")))
                .isNotEmpty()
                .allSatisfy(finding -> {
                    assertThat(finding.severity()).isEqualTo("warning");
                    assertThat(finding.fix()).isPresent();
                });
        assertThat(shown.findings())
                .extracting(FindingsController.Shown::severity)
                .contains("ok");
        assertThat(shown.certificates())
                .filteredOn(one -> one.name().equals("tls.crt"))
                .singleElement()
                .satisfies(one -> assertThat(one.until()).isEqualTo(SettableClock.START.plus(Duration.ofDays(265))));
    }

    @Test
    void the_remaining_time_falls_without_another_look() {
        watch().lookAtFiles();

        clock.advance(Duration.ofDays(200));

        assertThat(remaining("tls.crt")).isEqualTo(Duration.ofDays(65).toSeconds());
    }

    @Test
    void a_certificate_that_ends_soon_is_a_warning_with_what_mends_it_and_the_service_stays_up() {
        var watch = watch();
        clock.advance(Duration.ofDays(262));
        watch.lookAtFiles();

        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
        assertThat(findings("warning")).isPositive();
        assertThat(findings("fault")).isZero();
        assertThat(watch.health().getDetails().get("warnings"))
                .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                .anySatisfy(sentence -> assertThat(sentence).contains("tls.crt").contains("Fix it with: "));
    }

    @Test
    void an_expired_certificate_is_down_until_another_takes_its_place() throws Exception {
        var watch = watch();
        clock.advance(Duration.ofDays(266));
        watch.lookAtFiles();

        assertThat(watch.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(findings("fault")).isPositive();

        var renewed = Certificate.of("P1", clock.instant(), clock.instant().plus(Duration.ofDays(90)));
        renewed.write(folder, "tls");
        Files.writeString(folder.resolve("trust.pem"), renewed.pem());
        watch.lookAtFiles();

        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
        assertThat(remaining("tls.crt")).isEqualTo(Duration.ofDays(90).toSeconds());
    }

    @Test
    void a_service_does_not_start_with_an_expired_certificate_and_says_why_in_a_sentence() {
        clock.advance(Duration.ofDays(266));

        assertThatThrownBy(() -> DiagnosticsHealth.requireUsable(checkup()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("tls.crt")
                .hasMessageContaining("2027-02-21")
                .hasMessageContaining("Fix it with: ");
    }

    @Test
    void a_service_does_not_start_with_another_certificates_key() throws Exception {
        Certificate.of("P1").write(folder, "other");
        Files.copy(folder.resolve("other.crt"), folder.resolve("tls.crt"), StandardCopyOption.REPLACE_EXISTING);

        assertThatThrownBy(() -> DiagnosticsHealth.requireUsable(checkup()))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("tls.key");
    }

    @Test
    void a_service_starts_though_its_key_is_open_to_others_and_says_so() throws Exception {
        Files.setPosixFilePermissions(folder.resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));
        var watch = watch();

        DiagnosticsHealth.requireUsable(checkup());
        watch.lookAtFiles();

        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
        assertThat(findings("warning") + findings("fault")).isPositive();
    }

    @Test
    void a_neighbour_that_is_away_is_a_finding_but_no_reason_to_restart_us() {
        var watch = watch();
        watch.lookAtEverything();

        assertThat(findings("fault")).isEqualTo(1);
        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
        assertThat(watch.health().getDetails().get("faults")).asString().contains("R0");
    }

    @Test
    void a_database_that_cannot_be_written_is_down_until_it_can() {
        storage = List.of(Finding.of(Area.STORAGE, "PostgreSQL", Fault.DATABASE_NOT_WRITABLE, "It is full.", "df -h"));
        var watch = watch();
        watch.lookAtDatabase();

        assertThat(watch.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(watch.health().getDetails().get("faults")).asString().contains("PostgreSQL: It is full.");

        storage = List.of(Finding.fine(Area.STORAGE, "PostgreSQL", "can be written"));
        watch.lookAtDatabase();
        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void the_port_of_the_vm_is_looked_at_when_it_is_open() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")));
        var watch = watch();
        try (var everywhere = new ServerSocket(0)) {
            watch.lookAtVmPort(new VmListens(everywhere.getLocalPort()));
        }

        assertThat(findings("warning")).isEqualTo(1);
        assertThat(watch.health().getDetails().get("warnings")).asString().contains("ANYONE WHO CAN REACH THIS PORT");
        assertThat(watch.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void a_service_with_a_wrong_setting_does_not_start_and_the_error_names_the_setting() {
        var wrong = settings().withProperty("shareferry.clock-tolerance", "soon");

        assertThatThrownBy(() -> HealthConfiguration.site(wrong))
                .isInstanceOf(StartupException.class)
                .hasMessageContaining("shareferry.clock-tolerance")
                .hasMessageEndingWith(" is not a time such as 5m; correct it.");
    }
}
