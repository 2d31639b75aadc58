// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.diagnostics.TestSite.C0;
import static org.shareferry.diagnostics.TestSite.P0;
import static org.shareferry.diagnostics.TestSite.P1;
import static org.shareferry.diagnostics.TestSite.R0;
import static org.shareferry.diagnostics.TestSite.authority;
import static org.shareferry.diagnostics.TestSite.fine;
import static org.shareferry.diagnostics.TestSite.only;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.diagnostics.certificates.ValidityPeriod;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.fixture.TestCertificate;
import org.shareferry.diagnostics.mpspdz.VmPortCheck;
import org.shareferry.diagnostics.storage.StorageCheck;
import org.shareferry.keys.KeyFiles;
import org.shareferry.keys.PrivateFile;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.Database;
import org.shareferry.site.MemberSite;
import org.shareferry.site.pem.PrivateKeyFile;

/// Certificates, roster, identity key and storage of a member, each with one fault.
class OwnFilesTest {
    @TempDir
    Path folder;

    private TestSite site;

    @BeforeEach
    void makeSoundSite() throws Exception {
        site = new TestSite(folder, P0, 9);
    }

    private List<Finding> files() {
        return site.checkup().files();
    }

    private TestSite at(MemberName member) throws Exception {
        return new TestSite(Files.createDirectory(folder.resolve(member.toString())), member, 9);
    }

    @Test
    void a_sound_member_has_no_fault() throws Exception {
        fine(files());
        fine(at(R0).checkup().files());
        fine(at(C0).checkup().files());
        assertThat(site.checkup().fatal()).isEmpty();
    }

    @Test
    void expired_certificate() {
        site.own(site.plan("P0").endingAt(site.now.minusSeconds(60)).make());

        assertThat(only(files(), Fault.EXPIRED_CERTIFICATE).cause()).startsWith("tls.crt expired at ");
        assertThat(only(site.checkup().fatal(), Fault.EXPIRED_CERTIFICATE).sentence())
                .containsPattern(" Fix it with: shareferry certificates --member P0 --out " + folder
                        + "/new-[0-9]{8}T[0-9]{6}Z --host 127.0.0.1 && shareferry trust --out ");
    }

    @Test
    void not_yet_valid_certificate() {
        site.own(site.plan("P0")
                .between(site.now.plusSeconds(3600), site.now.plus(Duration.ofDays(100)))
                .make());

        only(files(), Fault.NOT_YET_VALID_CERTIFICATE);
        only(site.checkup().fatal(), Fault.NOT_YET_VALID_CERTIFICATE);
    }

    @Test
    void certificate_ends_soon() {
        site.own(site.plan("P0").endingAt(site.now.plus(Duration.ofDays(13))).make());

        assertThat(only(files(), Fault.CERTIFICATE_ENDS_SOON).severity()).isEqualTo(Severity.WARNING);
        assertThat(site.checkup().fatal()).isEmpty();
    }

    @Test
    void wrong_common_name() {
        site.own(site.plan("P1").make());

        assertThat(only(files(), Fault.WRONG_COMMON_NAME).cause())
                .isEqualTo("tls.crt is the certificate of P1, not of P0.");
        only(site.checkup().fatal(), Fault.WRONG_COMMON_NAME);
    }

    @Test
    void key_of_another_certificate() throws Exception {
        TestCertificate.writeKey(
                site.file("tls.key"),
                TestCertificate.pem(TestCertificate.ecKeys().getPrivate()));

        only(files(), Fault.KEY_OF_ANOTHER_CERTIFICATE);
        only(site.checkup().fatal(), Fault.KEY_OF_ANOTHER_CERTIFICATE);
    }

    @Test
    void key_open_to_others_is_no_reason_not_to_start() throws Exception {
        Files.setPosixFilePermissions(site.file("tls.key"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(only(files(), Fault.KEY_OPEN_TO_OTHERS).fix()).contains("chmod 600 " + site.file("tls.key"));
        assertThat(site.checkup().fatal()).isEmpty();
    }

    @Test
    void missing_file_and_no_certificate_and_no_key() throws Exception {
        Files.delete(site.file("trust.pem"));
        only(files(), Fault.MISSING_FILE);
        only(site.checkup().fatal(), Fault.MISSING_FILE);

        Files.writeString(site.file("trust.pem"), "nothing");
        only(files(), Fault.NO_CERTIFICATE);

        site.trust(site.certificate(R0));
        TestCertificate.writeKey(site.file("tls.key"), "nothing");
        only(files(), Fault.NO_KEY);
    }

    @Test
    void the_remedy_for_a_missing_trust_file_names_existing_files() throws Exception {
        Files.delete(site.file("trust.pem"));

        assertThat(only(files(), Fault.MISSING_FILE).fix().orElseThrow())
                .startsWith("shareferry trust --out " + site.file("trust.pem") + " P0=" + site.file("tls.crt")
                        + " NEIGHBOUR.crt #");
    }

    @Test
    void unreadable_key() throws Exception {
        Files.delete(site.file("tls.key"));
        // Even the superuser cannot read a folder as a file.
        Files.createDirectory(site.file("tls.key"), ownerOnly());

        assertThat(only(files(), Fault.UNREADABLE_FILE).fix().orElseThrow())
                .startsWith("sudo chown \"$USER\" " + site.file("tls.key"));
    }

    private static FileAttribute<Set<PosixFilePermission>> ownerOnly() {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void the_remedy_for_an_issued_certificate_involves_its_authority() throws Exception {
        var authority = TestCertificate.ec("authority").asAuthority().make();
        site.own(site.plan("P0")
                .endingAt(site.now.minusSeconds(60))
                .issuedBy(authority)
                .make());
        site.authorities(authority(authority, P0));

        assertThat(only(files(), Fault.EXPIRED_CERTIFICATE).fix().orElseThrow())
                .startsWith("shareferry certificates --member P0 --out ")
                .contains(" --host 127.0.0.1 --ca AUTHORITY && mv ", "the folder of CN=authority", "--csr")
                .doesNotContain("shareferry trust");
    }

    @Test
    void an_expired_authority_is_reported() throws Exception {
        var plan = TestCertificate.ec("authority").asAuthority();
        var former = plan.endingAt(site.now.minusSeconds(60)).make();
        Files.delete(site.file("trust.pem"));
        site.authorities(authority(former, R0));

        assertThat(only(files(), Fault.EXPIRED_CERTIFICATE).cause())
                .startsWith("authorities.json CN=authority expired at ");

        site.authorities(
                authority(former, R0),
                authority(plan.endingAt(site.now.plus(Duration.ofDays(10))).make(), R0));
        assertThat(only(files(), Fault.CERTIFICATE_ENDS_SOON).cause())
                .startsWith("authorities.json CN=authority expires at ");

        var valid = plan.endingAt(site.now.plus(Duration.ofDays(100))).make();
        site.authorities(authority(former, R0), authority(valid, R0));
        fine(files());
        assertThat(site.checkup().validityPeriods())
                .containsEntry("authorities.json CN=authority", ValidityPeriod.of(valid.certificate()));
    }

    @Test
    void an_expired_pin_is_no_fault_if_a_valid_authority_is_named_for_its_member() throws Exception {
        var authority = TestCertificate.ec("authority").asAuthority().make();
        site.trust(site.plan("R0").endingAt(site.now.minusSeconds(60)).make());
        site.authorities(authority(authority, R0));
        fine(files());

        site.authorities(authority(authority, P1));
        assertThat(only(files(), Fault.EXPIRED_CERTIFICATE).cause()).startsWith("trust.pem for R0 expired at");
    }

    @Test
    void trust_unusable() throws Exception {
        Files.writeString(site.file("authorities.json"), "{}");

        assertThat(only(files(), Fault.TRUST_UNUSABLE).cause()).contains("authorities.json is unusable");
        assertThat(site.checkup().fatal())
                .anyMatch(finding -> finding.fault().equals(Optional.of(Fault.TRUST_UNUSABLE)));
    }

    /// `openssl req -x509` makes every certificate an authority's.
    @Test
    void pin_is_authority() throws Exception {
        site.trust(site.plan("R0").asAuthority().make());

        assertThat(only(files(), Fault.PIN_IS_AUTHORITY).cause()).contains("CN=R0", "CA:TRUE");
    }

    @Test
    void weak_certificate() throws Exception {
        var weak = TestCertificate.rsa(1_024);
        site.trust(site.plan("R0").withKeys(weak).make());
        assertThat(only(files(), Fault.WEAK_CERTIFICATE).cause())
                .isEqualTo("The key of trust.pem CN=R0 is RSA with 1024 bits, fewer than 2048: all members refuse it.");

        site.trust(site.certificate(R0));
        site.authorities(authority(
                TestCertificate.ec("authority").withKeys(weak).asAuthority().make(), R0));
        only(files(), Fault.WEAK_CERTIFICATE);

        Files.delete(site.file("authorities.json"));
        site.own(site.plan("P0").withKeys(weak).make());
        only(files(), Fault.WEAK_CERTIFICATE);
    }

    @Test
    void weak_signature() throws Exception {
        var authority = TestCertificate.ec("authority").asAuthority().make();
        site.own(site.plan("P0").issuedBy(authority).make("SHA1withECDSA"));

        assertThat(only(files(), Fault.WEAK_SIGNATURE).cause()).startsWith("CN=authority signed tls.crt with SHA1");
    }

    @Test
    void writable_by_others() throws Exception {
        for (var name : List.of("trust.pem", "authorities.json", "roster.json")) {
            var file = site.file(name);
            if (name.equals("authorities.json")) {
                site.authorities(
                        authority(TestCertificate.ec("authority").asAuthority().make(), R0));
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            assertThat(only(files(), Fault.WRITABLE_BY_OTHERS).cause())
                    .startsWith(name)
                    .contains("everyone (rw-rw-rw-)");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        }
        fine(files());
        assertThat(site.checkup().fatal()).isEmpty();
    }

    @Test
    void authority_for_nobody() throws Exception {
        var authority = TestCertificate.ec("authority").asAuthority().make();
        site.authorities(authority(authority));
        only(files(), Fault.AUTHORITY_FOR_NOBODY);

        site.authorities(authority(authority, MemberName.party(7)));
        only(files(), Fault.AUTHORITY_FOR_NOBODY);
    }

    @Test
    void pin_of_nobody() throws Exception {
        site.trust(
                site.certificate(R0),
                site.plan("P0-user").make(),
                site.plan("P0-monitor").make());
        fine(files());

        site.trust(site.certificate(R0), site.plan("C0-user").make());
        assertThat(only(files(), Fault.PIN_OF_NOBODY).cause()).contains("CN=C0-user");
    }

    /// Which root the neighbours trust is their affair.
    @Test
    void a_chain_whose_root_only_the_neighbours_have_is_fine() throws Exception {
        var root = TestCertificate.plan("CN=root", ec()).make();
        var authority =
                TestCertificate.plan("CN=authority", ec()).issuedBy(root).make();
        var own = site.plan("P0").issuedBy(authority).make();
        site.own(own);
        fine(files());

        Files.writeString(site.file("tls.crt"), own.pem() + authority.pem());
        fine(files());
    }

    @Test
    void chain_broken() throws Exception {
        var root = TestCertificate.plan("CN=root", ec()).asAuthority().make();
        var authority =
                TestCertificate.plan("CN=authority", ec()).issuedBy(root).make();
        var own = site.plan("P0").issuedBy(authority).make();
        site.own(own);
        Files.writeString(site.file("tls.crt"), own.pem() + root.pem());

        assertThat(only(files(), Fault.CHAIN_BROKEN).cause())
                .startsWith(
                        "The certificate of CN=authority, which issued CN=P0, is not in tls.crt, although others are");

        Files.writeString(site.file("tls.crt"), own.pem() + root.pem() + authority.pem());
        fine(files());
    }

    private static KeyPair ec() {
        return TestCertificate.ecKeys();
    }

    @Test
    void host_not_in_certificate() throws Exception {
        var relay = at(R0);
        relay.roster("https://relay.example.org:8443", P0, P1, R0, C0);

        var found = only(relay.checkup().files(), Fault.HOST_NOT_IN_CERTIFICATE);

        assertThat(found.cause())
                .isEqualTo("The roster has the host relay.example.org for R0, but the certificate is for 127.0.0.1.");
        assertThat(found.fix().orElseThrow()).contains("--host 127.0.0.1 relay.example.org");
    }

    @Test
    void a_wildcard_certificate_is_for_the_host_in_the_roster() throws Exception {
        var relay = at(R0);
        relay.own(relay.plan("R0").withDns("*.example.org").make());
        relay.roster("https://relay.example.org:8443", P0, P1, R0, C0);
        fine(relay.checkup().files());

        relay.roster("https://deeper.relay.example.org:8443", P0, P1, R0, C0);
        assertThat(only(relay.checkup().files(), Fault.HOST_NOT_IN_CERTIFICATE)
                        .fix()
                        .orElseThrow())
                .contains("--host deeper.relay.example.org && ");
    }

    @Test
    void an_ipv6_address_in_the_roster_is_found_in_the_certificate() throws Exception {
        var relay = at(R0);
        relay.own(relay.plan("R0").withIp("::1").make());
        relay.roster("https://[::1]:8443", P0, P1, R0, C0);

        fine(relay.checkup().files());
    }

    @Test
    void neighbour_not_in_trust() throws Exception {
        site.trust(site.certificate(P0));

        var found = only(files(), Fault.NEIGHBOUR_NOT_IN_TRUST);

        assertThat(found.cause()).contains("trust.pem has no certificate of R0");
        assertThat(found.fix().orElseThrow())
                .startsWith(
                        "shareferry trust --out " + site.file("trust.pem") + " " + site.file("trust.pem") + " R0.crt");
    }

    @Test
    void an_expired_certificate_of_a_neighbour_counts_only_if_there_is_no_newer_one() throws Exception {
        var former = site.plan("R0").endingAt(site.now.minusSeconds(60)).make();
        site.trust(former);
        assertThat(only(files(), Fault.EXPIRED_CERTIFICATE).cause()).startsWith("trust.pem for R0 expired at");

        site.trust(former, site.certificate(R0));
        fine(files());
    }

    @Test
    void roster_unusable() throws Exception {
        Files.writeString(site.file("roster.json"), "{");

        assertThat(only(files(), Fault.ROSTER_UNUSABLE).cause()).startsWith("The roster ends before it is complete");
    }

    @Test
    void a_missing_or_unreadable_roster() throws Exception {
        Files.delete(site.file("roster.json"));
        only(files(), Fault.MISSING_FILE);

        Files.createDirectory(site.file("roster.json"));
        only(files(), Fault.UNREADABLE_FILE);
    }

    @Test
    void not_in_roster() throws Exception {
        var relay = at(R0);
        relay.roster(9, P0, P1, C0);

        assertThat(only(relay.checkup().files(), Fault.NOT_IN_ROSTER).fix().orElseThrow())
                .contains("shareferry roster add", "R0.member.json");
    }

    @Test
    void roster_incomplete() throws Exception {
        site.trust(site.certificate(P0), site.certificate(R0));
        site.roster(9, P0, P1, R0);
        assertThat(only(files(), Fault.ROSTER_INCOMPLETE).cause()).isEqualTo("It has no client.");

        site.roster(9, P0, P1, C0);
        assertThat(only(files(), Fault.ROSTER_INCOMPLETE).cause()).isEqualTo("It has no member R0.");

        site.roster(9, P0, R0, C0);
        assertThat(files())
                .filteredOn(Finding::isFault)
                .extracting(Finding::cause)
                .containsExactly("It has no member P1.", "It has fewer than two parties.");
    }

    @Test
    void a_relay_or_a_client_that_is_dialled_needs_an_address() throws Exception {
        var client = at(C0);
        withoutAddress(client, C0);
        var found = only(client.checkup().files(), Fault.ROSTER_INCOMPLETE);
        assertThat(found.cause()).startsWith("It has no address of C0, so the relay cannot connect to it");
        assertThat(found.fix().orElseThrow()).contains(client.file("roster.json") + " # give C0 a line \"address\"");

        withoutAddress(site, R0);
        assertThat(only(files(), Fault.ROSTER_INCOMPLETE).cause())
                .isEqualTo("It has no address of R0, so nobody can connect to it.");
    }

    private static void withoutAddress(TestSite site, MemberName without) throws Exception {
        var lines = Roster.parse(Files.readString(site.file("roster.json"))).members().stream()
                .map(line -> new Member(
                        line.name(),
                        line.name().equals(without) ? Optional.empty() : line.address(),
                        line.identityKeys()))
                .toList();
        Files.writeString(site.file("roster.json"), Roster.of(lines).toJson());
    }

    @Test
    void other_identity_key() throws Exception {
        Files.delete(site.file("identity.pem"));
        try (var other = IdentityKey.generate()) {
            KeyFiles.write(site.file("identity.pem"), other);
            assertThat(only(files(), Fault.OTHER_IDENTITY_KEY).cause())
                    .contains(
                            "pins a different identity key for P0",
                            other.publicKey().id().toString());
        }
    }

    @Test
    void an_identity_key_that_others_can_read_is_a_fault() throws Exception {
        for (var mode : List.of("rw----r--", "rw-rw-rw-")) {
            Files.setPosixFilePermissions(site.file("identity.pem"), PosixFilePermissions.fromString(mode));

            assertThat(only(files(), Fault.KEY_OPEN_TO_OTHERS).fix())
                    .contains("chmod 600 " + site.file("identity.pem"));
        }
    }

    @Test
    void the_remedy_for_a_missing_or_damaged_identity_key_keeps_the_old_file() throws Exception {
        TestCertificate.writeKey(site.file("identity.pem"), "nothing");
        assertThat(only(files(), Fault.NO_KEY).fix().orElseThrow())
                .matches("mv (\\S+/identity.pem) \\1.old-\\S+ && shareferry keygen --member P0 --out (\\S+/new-\\S+)"
                        + " && mv \\2/identity.pem \\1 # .* roster add --replace .* \\2/P0.member.json");

        Files.delete(site.file("identity.pem"));
        assertThat(only(files(), Fault.MISSING_FILE).fix().orElseThrow()).startsWith("shareferry keygen");
    }

    @Test
    void the_remedy_for_an_identity_key_repeats_the_member_s_address() throws Exception {
        var relay = at(R0);
        Files.delete(relay.file("identity.pem"));

        assertThat(only(relay.checkup().files(), Fault.MISSING_FILE).fix().orElseThrow())
                .contains(" --address https://127.0.0.1:9 && mv ");
    }

    @Test
    void the_remedy_for_an_unreadable_identity_key_creates_no_key() throws Exception {
        Files.delete(site.file("identity.pem"));
        Files.createDirectory(site.file("identity.pem"), ownerOnly());

        assertThat(only(files(), Fault.UNREADABLE_FILE).fix().orElseThrow())
                .startsWith("sudo chown \"$USER\" " + site.file("identity.pem"))
                .doesNotContain("keygen");
    }

    private void database(String content) throws IOException {
        PrivateFile.makeOrRestrict(site.file("test.db"));
        Files.writeString(site.file("test.db"), content);
    }

    @Test
    void a_database_that_others_can_read_is_found() throws Exception {
        database("SQLite format 3\0");
        Files.setPosixFilePermissions(site.file("test.db"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(only(files(), Fault.DATABASE_OPEN_TO_OTHERS).fix()).contains("chmod 600 " + site.file("test.db"));
    }

    @Test
    void opening_keys_are_for_their_owner_only() throws Exception {
        var client = at(C0);
        var keys = Files.createDirectory(client.file("keys"));
        var key = keys.resolve("k.pem");
        TestCertificate.writeKey(key, "nothing");
        fine(client.checkup().files());

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(only(client.checkup().files(), Fault.KEY_OPEN_TO_OTHERS).fix())
                .contains("chmod 600 " + key);

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(keys, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThat(only(client.checkup().files(), Fault.KEY_OPEN_TO_OTHERS).fix())
                .contains("chmod 700 " + keys);
    }

    @Test
    void a_file_in_place_of_the_folder_of_opening_keys_is_reported() throws Exception {
        var client = at(C0);
        Files.writeString(client.file("keys"), "");

        assertThat(only(client.checkup().files(), Fault.UNREADABLE_FILE).cause())
                .contains("is a file");
    }

    @Test
    void database_not_writable() throws Exception {
        // Even the superuser cannot write a folder as a file.
        Files.createDirectory(site.file("test.db"));
        only(files(), Fault.DATABASE_NOT_WRITABLE);

        assertThat(only(
                                StorageCheck.examine(Database.of("jdbc:sqlite:none/test.db", folder)),
                                Fault.DATABASE_NOT_WRITABLE)
                        .cause())
                .isEqualTo("Its folder does not exist.");
        assertThat(only(
                                StorageCheck.examine(Database.of("jdbc:postgresql://127.0.0.1:1/ferry?x=y", folder)),
                                Fault.DATABASE_NOT_WRITABLE)
                        .checked())
                .isEqualTo("PostgreSQL at 127.0.0.1:1");
    }

    @Test
    void database_damaged() throws Exception {
        database("SQLite format 3\0 and so on");
        fine(files());

        database("no database at all");
        only(files(), Fault.DATABASE_DAMAGED);
    }

    @Test
    void the_check_of_a_database_changes_nothing() throws Exception {
        database("SQLite format 3\0");
        var before = Files.getLastModifiedTime(site.file("test.db"));

        files();

        assertThat(Files.getLastModifiedTime(site.file("test.db"))).isEqualTo(before);
        assertThat(Files.readString(site.file("test.db"))).isEqualTo("SQLite format 3\0");
    }

    @Test
    void disk_full_and_disk_fills() {
        var database = Database.of("jdbc:sqlite:test.db", folder);

        only(StorageCheck.examine(database, path -> 99L << 20), Fault.DISK_FULL);
        assertThat(only(StorageCheck.examine(database, path -> 1023L << 20), Fault.DISK_FILLS)
                        .cause())
                .isEqualTo("There are 1023 MiB left.");
        fine(StorageCheck.examine(database, path -> 1L << 30));
    }

    @Test
    void databases_of_other_kinds_are_not_checked() {
        for (var url : List.of("jdbc:sqlite::memory:", "jdbc:sqlite:", "jdbc:h2:x", "jdbc:postgresql://a b", "")) {
            assertThat(Database.of(url, folder)).isEqualTo(new Database.Other());
            fine(StorageCheck.examine(Database.of(url, folder)));
        }
        assertThat(Database.of("jdbc:postgresql://db/ferry", folder)).isEqualTo(new Database.Server("db", 5432));
    }

    @Test
    void a_party_of_a_further_set_is_needed_in_the_roster_too() throws Exception {
        var client = at(C0);
        var absent = MemberName.party(7);
        var checkup = new Checkup(client.site(List.of(List.of(P0, absent))), java.time.Clock.systemUTC());

        assertThat(only(checkup.files(), Fault.ROSTER_INCOMPLETE).cause()).isEqualTo("It has no member P7.");
    }

    @Test
    void vm_on_another_host() {
        var vm = new MemberSite.Vm(
                "shareferry.party.vms.second", "vm.example.org", 14_000, Optional.empty(), Optional.empty(), 0);

        var finding = only(VmPortCheck.examine(vm), Fault.VM_ON_ANOTHER_HOST);

        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.fix())
                .hasValueSatisfying(fix -> assertThat(fix).contains("set shareferry.party.vms.second.host"));
        assertThat(VmPortCheck.examine(new MemberSite.Vm(
                        "shareferry.party.vm", "localhost", 1, Optional.empty(), Optional.empty(), 0)))
                .noneMatch(Finding::isFault);
    }

    @Test
    void a_fault_in_the_folder_of_the_vm_is_found_but_does_not_prevent_the_start() throws Exception {
        var data = Files.createDirectory(folder.resolve("Player-Data"));
        TestCertificate.plan("CN=C0", TestCertificate.otherRsa())
                .endingAt(site.now.minusSeconds(1))
                .make()
                .write(data.resolve("C0.pem"), data.resolve("C0.key"));
        var party = TestCertificate.plan("CN=P0", TestCertificate.otherRsa())
                .endingAt(site.now.plus(Duration.ofDays(30)))
                .make();
        Files.writeString(data.resolve("P0.pem"), party.pem());
        var vms =
                List.of(new MemberSite.Vm("shareferry.party.vm", "127.0.0.1", 1, Optional.of(data), Optional.of(0), 0));
        var checkup = new Checkup(site.site(vms, List.of()), java.time.Clock.systemUTC());

        assertThat(checkup.fatal()).isEmpty();
        assertThat(checkup.files())
                .filteredOn(finding -> finding.fault().equals(Optional.of(Fault.EXPIRED_CERTIFICATE)))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.sentence()).contains("C0.pem expired", "Fix it with: openssl req"));
        assertThat(checkup.files()).extracting(Finding::fault).contains(Optional.of(Fault.LINKS_ARE_ELSEWHERE));

        assertThat(checkup.validityPeriods())
                .containsOnlyKeys("C0.pem", "P0.pem", "tls.crt", "trust.pem for R0")
                .containsEntry("P0.pem", ValidityPeriod.of(party.certificate()));
        assertThat(checkup.validityPeriods().get("P0.pem"))
                .extracting(ValidityPeriod::until)
                .isEqualTo(site.now.plus(Duration.ofDays(30)));
    }

    @Test
    void no_command_and_no_cause_shows_a_key() throws Exception {
        var key = Files.readString(site.file("tls.key"))
                .lines()
                .skip(1)
                .findFirst()
                .orElseThrow();
        Files.writeString(site.file("tls.crt"), "nothing");

        assertThat(files().toString()).doesNotContain(key);
        assertThat(PrivateKeyFile.read(site.file("tls.key")).toString()).doesNotContain(key);
    }
}
