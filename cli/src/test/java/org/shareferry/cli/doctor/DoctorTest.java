// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Main;
import org.shareferry.cli.Run;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.diagnostics.mpspdz.MpSpdzFolder;
import org.shareferry.site.MemberSite;
import org.shareferry.site.settings.ServiceEnvironment;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.SiteSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The tests of `org.shareferry.diagnostics` cover each fault; these cover the command.
class DoctorTest {
    /// Neighbours are asked by the real clock.
    private static final Instant NOW = Instant.now();

    @TempDir
    private Path parent;

    private Path deployment() {
        var folder = parent.resolve("site");
        Run.at(NOW, "init", "--dir", folder).succeeded();
        return folder;
    }

    private static Map<Path, FileTime> times(Path folder) throws Exception {
        var times = new HashMap<Path, FileTime>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void the_doctor_prints_checks_and_remedies_for_every_member() {
        var run = Run.at(NOW, "doctor", "--dir", deployment());

        assertThat(run.code()).as("nothing runs yet, so the relay is silent").isEqualTo(1);
        assertThat(run.out().lines())
                .anyMatch(line -> line.startsWith("P1 in "))
                .anyMatch(line -> line.startsWith("✓ ") && line.contains("tls.crt"))
                .anyMatch(line -> line.startsWith("✗ ") && line.contains("Connection refused"))
                .anyMatch(
                        line -> line.strip().startsWith("fix: shareferry run --dir " + parent.resolve("site") + " R0"));
    }

    @Test
    void the_doctor_writes_nothing_to_the_error_output() throws Exception {
        var error = parent.resolve("error.txt").toFile();
        var doctor = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "doctor",
                        "--dir",
                        deployment().toString())
                .redirectError(error)
                .start();

        assertThat(doctor.inputReader().lines()).isNotEmpty();
        assertThat(doctor.waitFor()).isEqualTo(1);
        assertThat(error).isEmpty();
    }

    @Test
    void a_quiet_doctor_prints_problems_only() throws Exception {
        var folder = deployment();
        var all = Run.at(NOW, "doctor", "--dir", folder);

        var run = Run.at(NOW, "doctor", "--dir", folder, "--quiet");
        var json = JsonMapper.shared()
                .readTree(Run.at(NOW, "doctor", "--dir", folder, "--quiet", "-o", "json")
                        .out());

        assertThat(run.code()).isEqualTo(all.code()).isEqualTo(1);
        assertThat(run.out().lines())
                .noneMatch(line -> line.startsWith("✓"))
                .anyMatch(line -> line.startsWith("✗ ") && line.contains("Connection refused"))
                .anyMatch(line -> line.strip().startsWith("fix: "));
        assertThat(json.get("findings").findValuesAsString("severity"))
                .isNotEmpty()
                .doesNotContain("ok");
    }

    @Test
    void a_quiet_doctor_prints_nothing_if_there_are_no_problems() throws Exception {
        var playerData = Files.createDirectory(parent.resolve("Player-Data"));
        Run.at(NOW, "vm-certificates", "--mpspdz", playerData, "--party", 0).succeeded();

        var run = Run.at(NOW, "doctor", "--mpspdz", playerData, "--quiet").succeeded();

        assertThat(run.out()).isEmpty();
    }

    @Test
    void the_doctor_changes_nothing() throws Exception {
        var folder = deployment();
        var before = times(folder);

        Run.at(NOW, "doctor", "--dir", folder);

        assertThat(times(folder)).isEqualTo(before);
    }

    @Test
    void programs_get_findings_as_json() throws Exception {
        var folder = deployment();
        Files.setPosixFilePermissions(
                folder.resolve("P0").resolve("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));

        var json = JsonMapper.shared()
                .readTree(Run.at(NOW, "doctor", "-o", "json", "--dir", folder.resolve("P0"))
                        .out());

        assertThat(json.get("faults").asInt()).isPositive();
        assertThat(json.get("findings").findValuesAsString("fault")).contains("key-open-to-others");
        assertThat(json.get("findings").findValuesAsString("place"))
                .isNotEmpty()
                .allMatch(("P0 in " + folder.resolve("P0"))::equals);
    }

    private void expire(Path folder, Instant now, Object... more) throws Exception {
        var old = parent.resolve("old-" + now.getEpochSecond());
        var arguments = new ArrayList<Object>(
                List.of("certificates", "--member", "P1", "--host", "localhost", "--days", 1, "--out", old));
        arguments.addAll(List.of(more));
        Run.at(now.minus(Duration.ofDays(2)), arguments.toArray()).succeeded();
        for (var name : List.of("tls.crt", "tls.key")) {
            Files.move(old.resolve(name), folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /// Does what a person does who pastes the command.
    private static void paste(Instant now, String commands) throws Exception {
        for (var step : commands.replaceFirst(" # .*", "").split(" && ")) {
            var words = step.split(" ");
            switch (words[0]) {
                case "mv" -> Files.move(Path.of(words[1]), Path.of(words[2]), StandardCopyOption.REPLACE_EXISTING);
                case "shareferry" ->
                    Run.at(now, (Object[]) Arrays.copyOfRange(words, 1, words.length))
                            .succeeded();
                default -> throw new AssertionError(step);
            }
        }
    }

    @Test
    void the_command_that_renews_an_expired_certificate_works_repeatedly() throws Exception {
        var folder = deployment().resolve("P1");
        for (var now : List.of(NOW, NOW.plus(Duration.ofDays(300)))) {
            expire(folder, now);

            paste(now, fixes(folder, now, "expired-certificate").getFirst());

            assertThat(fixes(folder, now, "expired-certificate")).isEmpty();
            assertThat(Files.readString(folder.resolve("trust.pem"))).contains(body(folder.resolve("tls.crt")));
        }
        try (var made = Files.newDirectoryStream(folder, "new-*")) {
            for (var one : made) {
                assertThat(Files.readString(folder.resolve("trust.pem"))).contains(body(one.resolve("user.crt")));
            }
        }
    }

    @Test
    void the_remedy_for_an_issued_certificate_requests_it_again() throws Exception {
        var folder = deployment().resolve("P1");
        var authority = parent.resolve("authority");
        Run.at(NOW.minus(Duration.ofDays(9)), "authority", "--out", authority).succeeded();
        Run.at(
                        NOW,
                        "trust",
                        "--out",
                        folder.resolve("trust.pem"),
                        folder.resolve("trust.pem"),
                        "--authority",
                        "P1=" + authority.resolve("ca.crt"))
                .succeeded();
        expire(folder, NOW, "--ca", authority);

        paste(NOW, fixes(folder, NOW, "expired-certificate").getFirst().replace("AUTHORITY", authority.toString()));

        assertThat(fixes(folder, NOW, "expired-certificate")).isEmpty();
        assertThat(fixes(folder, NOW, "chain-broken")).isEmpty();
        assertThat(CertificateFiles.read(folder.resolve("tls.crt")).getFirst().getIssuerX500Principal())
                .isEqualTo(CertificateFiles.read(authority.resolve("ca.crt"))
                        .getFirst()
                        .getSubjectX500Principal());
    }

    @Test
    void the_command_that_creates_an_identity_key_keeps_the_members_address() throws Exception {
        var folder = deployment().resolve("R0");
        Files.writeString(folder.resolve("identity.pem"), "damaged");

        paste(NOW, fixes(folder, NOW, "no-key").getFirst());

        assertThat(fixes(folder, NOW, "no-key")).isEmpty();
        assertThat(fixes(folder, NOW, "other-identity-key")).hasSize(1);
        try (var made = Files.newDirectoryStream(folder, "new-*")) {
            assertThat(Files.readString(made.iterator().next().resolve("R0.member.json")))
                    .contains("\"address\"");
        }
    }

    private static String body(Path certificate) throws Exception {
        return Files.readString(certificate).replaceFirst("(?s)^.*?-----BEGIN", "-----BEGIN");
    }

    /// @return the commands that fix this fault
    private static List<String> fixes(Path folder, Instant now, String fault) {
        return found(Run.at(now, "doctor", "--json", "--dir", folder)).stream()
                .filter(finding -> finding.path("fault").asString("").equals(fault))
                .map(finding -> finding.get("fix").asString())
                .toList();
    }

    private static List<JsonNode> found(Run run) {
        return List.copyOf(
                JsonMapper.shared().readTree(run.out()).get("findings").values());
    }

    @Test
    void a_folder_of_mp_spdz_is_checked_without_a_member() throws Exception {
        var empty = Files.createDirectory(parent.resolve("Player-Data"));

        var run = Run.at(NOW, "doctor", "--mpspdz", empty, "--party", 0, "--client", 0);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("C0.pem").contains("P0.pem").doesNotContain("application.yml");
    }

    @Test
    void a_folder_without_settings_is_reported_as_a_missing_file() {
        for (var run : List.of(
                Run.at(NOW, "doctor", "--json", "--dir", parent),
                Run.at(NOW, "doctor", "--json", "--config", parent.resolve("application.yml")))) {
            assertThat(run.code()).isEqualTo(1);
            assertThat(found(run)).hasSize(1);
            assertThat(found(run).getFirst().get("fault").asString()).isEqualTo("missing-file");
            assertThat(found(run).getFirst().get("cause").asString()).startsWith("There is no ");
        }
    }

    private JsonNode withSettings(String yaml) throws Exception {
        Files.writeString(parent.resolve("application.yml"), yaml);
        var run = Run.at(NOW, "doctor", "--json", "--dir", parent);
        assertThat(run.code()).isEqualTo(1);
        return found(run).getFirst();
    }

    @Test
    void wrong_settings_are_reported_with_their_file() throws Exception {
        for (var cause : Map.of(
                        "shareferry: [", "is not well-formed YAML",
                        "shareferry: {member: P0}", "shareferry.roster is not set",
                        "shareferry: {member: nobody, roster: r, identity-key: i}", "shareferry.member (",
                        "shareferry: {member: P0, roster: r, identity-key: i, party: {vm: {port: x, tls: false}}}",
                                "shareferry.party.vm.port (")
                .entrySet()) {
            var found = withSettings(cause.getKey());

            assertThat(found.get("fault").asString()).isEqualTo("settings-unusable");
            assertThat(found.get("cause").asString()).contains(cause.getValue());
            assertThat(found.get("fix").asString()).endsWith(" " + parent.resolve("application.yml"));
        }
    }

    @Test
    void paths_in_settings_elsewhere_are_relative_to_the_members_folder() throws Exception {
        var folder = deployment().resolve("P0");
        var elsewhere = parent.resolve("elsewhere.yml");
        Files.move(folder.resolve("application.yml"), elsewhere);

        var run = Run.at(NOW, "doctor", "--json", "--config", elsewhere, "--dir", folder);

        assertThat(found(run)).extracting(one -> one.path("fault").asString("")).containsOnly("", "connection-refused");
    }

    private static MemberSite site(Path folder, Map<String, String> variables) throws SettingsException {
        return SiteSettings.read(ServiceEnvironment.of(folder, Optional.empty(), variables), folder);
    }

    @Test
    void placeholders_and_the_environment_are_read_as_the_service_reads_them() throws Exception {
        var folder = deployment().resolve("P0");
        var file = folder.resolve("application.yml");
        Files.writeString(
                file,
                Files.readString(file)
                        .replace("../roster.json", "${ROSTER:../roster.json}")
                        .replace("member: P0", "member: ${shareferry.of}\n  of: P1"));

        var site = site(folder, Map.of("SHAREFERRY_IDENTITYKEY", "other.pem"));

        assertThat(site.member()).hasToString("P1");
        assertThat(site.roster()).isEqualTo(folder.resolveSibling("roster.json"));
        assertThat(site.identityKey()).isEqualTo(folder.resolve("other.pem"));
        assertThat(site(folder, Map.of("ROSTER", "r.json")).roster()).isEqualTo(folder.resolve("r.json"));
        assertThat(site(folder, Map.of("SHAREFERRY_OF", "P9")).member()).hasToString("P9");
    }

    @Test
    void all_files_that_a_service_would_read_are_read() throws Exception {
        var folder = deployment().resolve("P0");
        Files.createDirectory(folder.resolve("config"));
        Files.writeString(folder.resolve("config").resolve("application.yml"), """
                spring.config.import: file:./more.properties
                ---
                spring.config.activate.on-profile: night
                shareferry.clock-tolerance: 2h
                """);
        Files.writeString(folder.resolve("more.properties"), "shareferry.party.relay=R7");

        var site = site(folder, Map.of("SPRING_PROFILES_ACTIVE", "night"));

        assertThat(site.relay()).hasToString("R7");
        assertThat(site.clockTolerance()).isEqualTo(Duration.ofHours(2));
        assertThat(site.tls().certificate()).isEqualTo(folder.resolve("tls.crt"));
    }

    @Test
    void an_unreadable_setting_is_reported_with_its_place_and_without_its_value() throws Exception {
        var found =
                withSettings("shareferry:\n  member: P0\n  roster: r\n  identity-key: i\n  clock-tolerance: secret");

        assertThat(found.get("cause").asString())
                .contains("shareferry.clock-tolerance", "application.yml", "5:", "is not a time such as 5m")
                .doesNotContain("secret");
    }

    @Test
    void a_dialled_client_or_a_relay_without_an_address_is_reported() throws Exception {
        var folder = deployment();
        var roster = folder.resolve("roster.json");
        var sound = Files.readString(roster);
        for (var member : List.of("R0", "C0")) {
            Files.writeString(roster, withoutAddress(sound, member));

            var causes = found(Run.at(NOW, "doctor", "--json", "--dir", folder.resolve("C0"))).stream()
                    .filter(one -> one.path("fault").asString("").equals("roster-incomplete"))
                    .map(one -> one.get("cause").asString());

            assertThat(causes).singleElement().asString().startsWith("It has no address of " + member + ", so ");
        }
    }

    private static String withoutAddress(String roster, String name) {
        var tree = JsonMapper.shared().readTree(roster);
        for (var member : tree.get("members")) {
            if (member.get("name").asString().equals(name)) {
                ((ObjectNode) member).remove("address");
            }
        }
        return tree.toString();
    }

    private Path playerData(String name) throws Exception {
        var folder = Files.createDirectory(parent.resolve(name));
        for (var member : List.of("C0", "P0")) {
            Files.writeString(folder.resolve(member + ".pem"), name + member);
        }
        return folder;
    }

    @Test
    void several_folders_are_compared() throws Exception {
        var run = Run.at(NOW, "doctor", "--json", "--mpspdz", playerData("one"), playerData("other"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(found(run))
                .filteredOn(one -> one.path("fault").asString("").equals("other-certificate"))
                .extracting(one -> one.get("checked").asString())
                .containsExactly("C0.pem in 2 folders", "P0.pem in 2 folders");
    }

    @Test
    void the_signature_line_of_the_other_site_is_compared() throws Exception {
        var here = playerData("here");
        var line = "Signature (should match the other side): " + MpSpdzFolder.signature(here, 0, 0);

        var same = Run.at(NOW, "doctor", "--json", "--mpspdz", here, "--signature", line);
        var other =
                Run.at(NOW, "doctor", "--json", "--mpspdz", here, "--signature", "0".repeat(32) + "/" + "1".repeat(32));

        assertThat(same.out()).doesNotContain("other-certificate");
        assertThat(other.out()).contains("other-certificate");
        Run.at(NOW, "doctor", "--dir", here, "--signature", line).failedWith("belong to --mpspdz");
    }

    @Test
    void a_vm_port_is_checked_without_a_member() throws Exception {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/net/tcp")));
        try (var everywhere = new ServerSocket(0)) {
            var run = Run.at(NOW, "doctor", "--json", "--vm-port", everywhere.getLocalPort());

            assertThat(run.code()).as("a warning is no fault").isZero();
            assertThat(found(run))
                    .extracting(one -> one.path("fault").asString(""))
                    .containsExactly("port-open-to-others");
        }
        Run.at(NOW, "doctor", "--vm-port", 0).failedWith("--vm-port is 1 to 65535");
    }

    @Test
    void commands_name_the_launcher_as_it_was_called() {
        var called = new LauncherName("./shareferry");

        assertThat(called.in("shareferry trust --out a && shareferry roster show # or else: shareferry doctor"))
                .isEqualTo("./shareferry trust --out a && ./shareferry roster show # or else: ./shareferry doctor");
        assertThat(called.in("cp /opt/shareferry certificates; set shareferry.party.vm.host; my-shareferry doctor"))
                .isEqualTo("cp /opt/shareferry certificates; set shareferry.party.vm.host; my-shareferry doctor");
        assertThat(new LauncherName("/my $tools/shareferry").in("shareferry doctor"))
                .isEqualTo("'/my $tools/shareferry' doctor");
        assertThat(called.in(
                        "P0's service: shareferry run --dir '/tmp/Ann'\\''s shareferry site' && shareferry status"))
                .isEqualTo(
                        "P0's service: ./shareferry run --dir '/tmp/Ann'\\''s shareferry site' && ./shareferry status");
    }
}
