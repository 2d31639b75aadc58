// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFiles;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Subject;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Four sites, each with a folder of its own, and what somebody between them or one of them can try.
class JoinTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> ALL = List.of("P0", "P1", "R0", "C0");

    @TempDir
    Path folder;

    @BeforeEach
    void everybody_makes_an_invite() {
        for (var member : ALL) {
            make(member, folder.resolve(member));
        }
    }

    private static void make(String member, Path at) {
        var arguments = new ArrayList<Object>(List.of("keygen", "--member", member, "--out", at));
        if (!member.startsWith("P")) {
            arguments.addAll(
                    List.of("--address", "https://" + member.toLowerCase(java.util.Locale.ROOT) + ".example:8443"));
        }
        Run.of(arguments.toArray()).succeeded();
        Run.of("certificates", "--member", member, "--out", at, "--host", "localhost")
                .succeeded();
        Run.of("invite", "--dir", at).succeeded();
    }

    private Path invite(String member) {
        return folder.resolve(member).resolve(member + ".invite");
    }

    private Run join(String member, Object... files) {
        return joinAt(Run.NOW, member, files);
    }

    private Run joinAt(Instant now, String member, Object... files) {
        var arguments = new ArrayList<Object>(List.of("join", "--dir", folder.resolve(member)));
        arguments.addAll(List.of(files));
        return Run.at(now, arguments.toArray());
    }

    private Object[] othersOf(String member) {
        return ALL.stream()
                .filter(other -> !other.equals(member))
                .map(this::invite)
                .toArray();
    }

    private static String digest(Run run) {
        return run.succeeded()
                .out()
                .lines()
                .filter(line -> line.matches(" {4}[0-9]{5}( [0-9]{5}){4}"))
                .collect(Collectors.joining("/"));
    }

    private String roster(String member) throws Exception {
        return Files.readString(folder.resolve(member).resolve("roster.json"));
    }

    private TreeSet<String> pinned(String member) throws Exception {
        return CertificateFiles.read(folder.resolve(member).resolve("trust.pem")).stream()
                .map(pin -> Subject.commonName(pin).orElseThrow())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Path changed(String member, UnaryOperator<ObjectNode> change) throws Exception {
        var node = (ObjectNode) JSON.readTree(Files.readString(invite(member)));
        return Files.writeString(folder.resolve("changed.invite"), JSON.writeValueAsString(change.apply(node)));
    }

    /// Signed by the member itself, who is the one that cheats.
    private Path signed(String member, UnaryOperator<Invite> change) throws Exception {
        var invite = change.apply(InviteFile.read(invite(member)));
        try (var identity = KeyFiles.readIdentityKey(folder.resolve(member).resolve("identity.pem"))) {
            var signed = Invite.sign(
                    invite.member(), invite.certificates(), invite.openingKeys(), invite.created(), identity);
            return Files.writeString(folder.resolve("signed.invite"), InviteFile.toJson(signed));
        }
    }

    @Test
    void all_members_get_the_same_roster_and_digest_and_pin_only_their_neighbours() throws Exception {
        var digests = new TreeSet<String>();
        for (var member : ALL) {
            digests.add(digest(join(member, othersOf(member))));
        }

        assertThat(digests).hasSize(1);
        assertThat(digests.first()).hasSize(2 * (4 + 5 * 6 - 1) + 1);
        assertThat(roster("P0")).isEqualTo(roster("P1")).isEqualTo(roster("R0")).isEqualTo(roster("C0"));
        assertThat(Roster.parse(roster("P0")).members()).hasSize(4);
        assertThat(pinned("P1")).containsExactly("P1", "P1-user", "R0");
        assertThat(pinned("C0")).containsExactly("C0", "C0-user", "R0");
        assertThat(pinned("R0")).containsExactly("C0", "P0", "P1", "R0", "R0-user");
    }

    @Test
    void joining_invites_one_by_one_or_again_gives_the_same_result() throws Exception {
        var atOnce = digest(join("P0", othersOf("P0")));
        join("P1", invite("C0")).succeeded();
        join("P1", invite("R0"), invite("P0")).succeeded();
        var trust = Files.readString(folder.resolve("P1/trust.pem"));

        var again = join("P1", othersOf("P1"));

        assertThat(digest(again)).isEqualTo(atOnce);
        assertThat(again.out()).contains("Nothing changed.");
        assertThat(Files.readString(folder.resolve("P1/trust.pem"))).isEqualTo(trust);
        assertThat(digest(join("P1"))).isEqualTo(atOnce);
    }

    /// After a theft, or when a member leaves.
    @Test
    void a_removed_member_is_added_only_if_its_invite_is_given_again() throws Exception {
        join("P1", othersOf("P1")).succeeded();
        Files.copy(folder.resolve("P1/user.crt"), folder.resolve("P1/trust.pem"), StandardCopyOption.REPLACE_EXISTING);
        var without = Roster.of(Roster.parse(roster("P1")).members().stream()
                .filter(member -> !member.name().toString().equals("C0"))
                .toList());
        Files.writeString(folder.resolve("P1/roster.json"), without.toJson());

        join("P1").succeeded();

        assertThat(pinned("P1")).doesNotContain("R0");
        assertThat(roster("P1")).doesNotContain("\"C0\"");
        join("P1", othersOf("P1")).succeeded();
        assertThat(pinned("P1")).contains("R0");
        assertThat(roster("P1")).contains("C0");
    }

    @Test
    void the_digest_excludes_a_member_whose_roster_line_differs_from_its_invite() throws Exception {
        join("P1", othersOf("P1")).succeeded();
        make("P0", folder.resolve("other"));
        Run.of(
                        "roster",
                        "add",
                        "--keep-keys",
                        "--roster",
                        folder.resolve("P1/roster.json"),
                        folder.resolve("other/P0.member.json"))
                .succeeded();

        assertThat(join("P1").succeeded().out()).contains("the digest is not over them: P0.");
    }

    @Test
    void an_invite_overwrites_only_an_invite() throws Exception {
        var key = folder.resolve("P0/identity.pem");
        var before = Files.readString(key);

        assertThat(Run.of("invite", "--dir", folder.resolve("P0"), "--out", key).code())
                .isEqualTo(1);

        assertThat(Files.readString(key)).isEqualTo(before);
        Run.of("invite", "--dir", folder.resolve("P0")).succeeded();
    }

    @Test
    void different_sets_of_members_have_different_digests() {
        var three = digest(join("P1", invite("P0"), invite("R0")));
        var four = digest(join("P1", invite("C0")));

        assertThat(three).isNotEqualTo(four);
    }

    @Test
    void programs_get_the_digest_as_json() throws Exception {
        var files = new ArrayList<Object>(List.of("-o", "json"));
        files.addAll(List.of(othersOf("P0")));

        var json = JSON.readTree(join("P0", files.toArray()).succeeded().out());

        assertThat(json.path("members").size()).isEqualTo(4);
        assertThat(json.path("digest").asString().replace(" ", "/"))
                .isEqualTo(digest(join("P0")).strip().replaceAll("[ /]+", "/"));
    }

    @Test
    void a_different_invite_of_a_known_member_needs_the_option_replace() throws Exception {
        join("P1", othersOf("P1")).succeeded();
        var before = roster("P1");
        make("P0", folder.resolve("other/P0"));
        var other = folder.resolve("other/P0/P0.invite");

        join("P1", other).failedWith("is another invite of P0 than the one that was joined before");
        assertThat(roster("P1")).isEqualTo(before);
        join("P1", "--replace", "R0", other).failedWith("is another invite of P0 than the one that was joined before");
        join("P1", "--replace", "R0", "--replace", "P0", other).failedWith("--replace names R0, but no FILE");
        assertThat(roster("P1")).isEqualTo(before);
        var replaced = join("P1", "--replace", "P0", other).succeeded();

        assertThat(replaced.out()).contains("Replaced the invite of P0 of ");
        assertThat(roster("P1")).isNotEqualTo(before);
        assertThat(digest(join("P1"))).isNotEqualTo(digest(join("R0", othersOf("R0"))));
    }

    @Test
    void an_older_invite_does_not_replace_a_newer_one() throws Exception {
        var old = Files.copy(invite("P0"), folder.resolve("old.invite"));
        make("P0", folder.resolve("other/P0"));
        Run.at(Run.NOW.plusSeconds(60), "invite", "--dir", folder.resolve("other/P0"))
                .succeeded();
        var newer = folder.resolve("other/P0/P0.invite");
        joinAt(Run.NOW.plusSeconds(60), "P1", newer).succeeded();

        joinAt(Run.NOW.plusSeconds(90), "P1", "--replace", "P0", old).failedWith("is older than the invite of P0");
    }

    @Test
    void a_newer_invite_with_the_same_content_is_stored_and_does_not_change_the_digest() throws Exception {
        var digest = digest(join("P1", othersOf("P1")));
        var later = Run.NOW.plusSeconds(60);
        Run.at(later, "invite", "--dir", folder.resolve("P0")).succeeded();

        var again = joinAt(later, "P1", invite("P0"));

        assertThat(digest(again)).isEqualTo(digest);
        assertThat(InviteFile.read(folder.resolve("P1/joined/P0.invite")).created())
                .isEqualTo(later.truncatedTo(ChronoUnit.SECONDS));
    }

    @Test
    void an_invite_with_a_changed_or_future_time_is_refused() throws Exception {
        join("P1", changed("P0", node -> node.put("created", "2001-01-01T00:00:00Z")))
                .failedWith("does not verify");
        join("P1", changed("P0", node -> node.put("created", "soon"))).failedWith("created is not a time");
        joinAt(Run.NOW.minusSeconds(3600), "P1", invite("P0")).failedWith("later than the clock of this machine");
    }

    @Test
    void an_invite_with_old_and_new_certificates_pins_both() throws Exception {
        join("P1", othersOf("P1")).succeeded();
        Run.of("certificates", "--member", "R0", "--out", folder.resolve("new"), "--host", "localhost")
                .succeeded();
        Run.of(
                        "invite",
                        "--dir",
                        folder.resolve("R0"),
                        "--certificate",
                        folder.resolve("R0/tls.crt"),
                        "--certificate",
                        folder.resolve("new/tls.crt"))
                .succeeded();

        join("P1", "--replace", "R0", invite("R0")).succeeded();

        var relays = CertificateFiles.read(folder.resolve("P1/trust.pem")).stream()
                .filter(pin -> Subject.commonName(pin).filter("R0"::equals).isPresent())
                .toList();
        assertThat(relays)
                .hasSize(2)
                .contains(CertificateFiles.read(folder.resolve("new/tls.crt")).getFirst());
    }

    @Test
    void an_invite_that_was_changed_in_transit_is_refused() throws Exception {
        var address = changed("R0", node -> {
            ((ObjectNode) node.path("member")).put("address", "https://evil.example:8443");
            return node;
        });

        join("P1", address).failedWith("its signature does not verify");

        var certificate = changed("R0", node -> {
            var theirs = JSON.createArrayNode()
                    .add(JSON.readTree(read(invite("C0"))).path("certificates").path(0));
            node.set("certificates", theirs);
            return node;
        });
        join("P1", certificate).failedWith("its signature does not verify");
        assertThat(folder.resolve("P1/roster.json")).doesNotExist();
        assertThat(folder.resolve("P1/trust.pem")).doesNotExist();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void an_invite_with_a_certificate_of_another_member_or_a_user_is_refused() throws Exception {
        var forRelay = CertificateFiles.read(folder.resolve("R0/tls.crt"));
        var forUser = CertificateFiles.read(folder.resolve("P0/user.crt"));

        join("P1", signed("P0", invite -> with(invite, forRelay))).failedWith("certificates of that member only");
        join("P1", signed("P0", invite -> with(invite, forUser))).failedWith("certificates of that member only");
    }

    private static Invite with(Invite invite, List<X509Certificate> certificates) {
        return new Invite(invite.member(), certificates, invite.openingKeys(), invite.created(), invite.signature());
    }

    @Test
    void an_authority_and_certificates_outside_their_dates_are_refused() throws Exception {
        Run.of("authority", "--out", folder.resolve("ca"), "--name", "P0").succeeded();
        var authority = CertificateFiles.read(folder.resolve("ca/ca.crt"));

        var later = certificate(Run.NOW.plus(Duration.ofDays(2)), "later");
        var ended = certificate(Run.NOW.minus(Duration.ofDays(366)), "ended");

        join("P1", signed("P0", invite -> with(invite, authority))).failedWith("CA:TRUE");
        join("P1", signed("P0", invite -> with(invite, ended))).failedWith("expired at");
        join("P1", signed("P0", invite -> with(invite, later))).failedWith("later than the clock");
    }

    private List<X509Certificate> certificate(Instant made, String at) throws Exception {
        Run.at(made, "certificates", "--member", "P0", "--out", folder.resolve(at), "--host", "localhost")
                .succeeded();
        return CertificateFiles.read(folder.resolve(at).resolve("tls.crt"));
    }

    @Test
    void a_member_name_that_contains_a_path_is_refused() throws Exception {
        var path = changed("P0", node -> {
            ((ObjectNode) node.path("member")).put("name", "../../P0");
            return node;
        });

        join("P1", path).failedWith("a name that is not P, R or C and a number");

        assertThat(folder.resolve("P0.invite")).doesNotExist();
    }

    @Test
    void an_invite_with_this_members_own_name_is_refused() {
        make("P1", folder.resolve("other/P1"));

        join("P1", folder.resolve("other/P1/P1.invite")).failedWith("says that it is of P1, which is this member");
        join("P1", "--replace", "P1", folder.resolve("other/P1/P1.invite")).failedWith("says that it is of P1");
    }

    @Test
    void two_invites_of_one_member_in_one_command_are_refused() {
        make("P0", folder.resolve("other/P0"));

        join("P1", "--replace", "P0", invite("P0"), folder.resolve("other/P0/P0.invite"))
                .failedWith("than one that was given with it");
    }

    /// Whoever knows a public key can name it, but cannot sign with it.
    @Test
    void an_invite_with_an_identity_key_of_another_member_is_refused() throws Exception {
        var key = JSON.readTree(Files.readString(invite("C0")))
                .path("member")
                .path("identityKeys")
                .deepCopy();
        var named = changed("P0", node -> {
            ((ObjectNode) node.path("member")).set("identityKeys", key);
            return node;
        });
        join("P1", named).failedWith("its signature does not verify");

        var several = changed("P0", node -> {
            ((ArrayNode) node.path("member").path("identityKeys")).add(key.path(0));
            return node;
        });

        join("P1", several).failedWith("has several identity keys");
        assertThat(folder.resolve("P1/roster.json")).doesNotExist();
    }

    /// One operator with both names, or one who copies another's folder.
    @Test
    void two_members_with_one_identity_key_or_address_are_refused() throws Exception {
        var at = folder.resolve("C1");
        Files.createDirectories(at);
        Files.copy(folder.resolve("C0/identity.pem"), at.resolve("identity.pem"));
        Files.writeString(
                at.resolve("C1.member.json"),
                Files.readString(folder.resolve("C0/C0.member.json")).replace("\"C0\"", "\"C1\""));
        Run.of("certificates", "--member", "C1", "--out", at, "--host", "localhost")
                .succeeded();
        Run.of("invite", "--dir", at).succeeded();
        make("C2", folder.resolve("C2"));
        var atAddress = folder.resolve("C2/C2.member.json");
        Files.writeString(atAddress, Files.readString(atAddress).replace("c2.example", "C0.Example"));
        Run.of("invite", "--dir", folder.resolve("C2")).succeeded();

        join("P1", invite("C0"), invite("C1")).failedWith("C0 and C1 have the same");
        join("P1", invite("C0"), invite("C2")).failedWith("C0 and C2 have the same address");
        assertThat(folder.resolve("P1/roster.json")).doesNotExist();
    }

    private SignedKeyAnnouncement announced(String by, String of, OpeningKey key) throws Exception {
        try (var identity = KeyFiles.readIdentityKey(folder.resolve(by).resolve("identity.pem"))) {
            var announcement = new KeyAnnouncement(
                    MemberName.parse(of),
                    identity.publicKey().id(),
                    Run.NOW,
                    List.of(new AnnouncedKey(key.sealingKey(), Run.NOW, Run.NOW.plus(Duration.ofDays(14)))));
            return SignedKeyAnnouncement.sign(announcement, identity);
        }
    }

    private static Invite with(Invite invite, SignedKeyAnnouncement keys) {
        return new Invite(
                invite.member(), invite.certificates(), Optional.of(keys), invite.created(), invite.signature());
    }

    @Test
    void opening_keys_change_the_digest_and_must_be_the_clients_own() throws Exception {
        make("C1", folder.resolve("C1"));
        var key = OpeningKey.generate();
        var own = announced("C0", "C0", key);
        var without = digest(join("P1", othersOf("P1")));

        join("P0", signed("C1", invite -> with(invite, own))).failedWith("not announced and signed by C1");
        join("P0", signed("R0", invite -> with(invite, own))).failedWith("which only clients have");
        var late = Run.NOW.plus(Duration.ofDays(15));
        joinAt(late, "P0", signed("C0", invite -> with(invite, own))).failedWith("all its opening keys have expired");
        var good = Files.copy(signed("C0", invite -> with(invite, own)), folder.resolve("good.invite"));
        assertThat(digest(join("P1", "--replace", "C0", good))).isNotEqualTo(without);
        var copied = announced("C1", "C1", key);
        join("P1", signed("C1", invite -> with(invite, copied))).failedWith("have the same opening key");
    }

    @Test
    void the_invite_of_a_client_contains_its_opening_keys() throws Exception {
        var keys = announced("C0", "C0", OpeningKey.generate());
        var file = Files.writeString(
                folder.resolve("keys.json"),
                JSON.writeValueAsString(JSON.createObjectNode()
                        .put("announcement", keys.announcement().toBase64Url())
                        .put("signature", keys.signature().toBase64Url())));

        Run.of("invite", "--dir", folder.resolve("C0"), "--opening-keys", file).succeeded();

        join("P1", invite("C0"), invite("R0")).succeeded();
        Run.of("invite", "--dir", folder.resolve("P0"), "--opening-keys", file).failedWith("which only clients have");
    }

    @Test
    void control_characters_in_an_invite_are_not_printed() throws Exception {
        var unknown = changed("P0", node -> node.put("\u001b[2Jx", 1));

        var run = join("P1", unknown).failedWith("unknown property");

        assertThat(run.err()).doesNotContain("\u001b");
        var path = Files.copy(unknown, folder.resolve("a\u001b[2Jb"));
        assertThat(join("P1", path).failedWith("a [2Jb").err()).doesNotContain("\u001b");
    }

    @Test
    void a_file_that_is_not_an_invite_or_too_large_is_refused() throws Exception {
        var large = Files.writeString(folder.resolve("large.invite"), " ".repeat((64 << 10) + 1));
        var twice = Files.writeString(
                folder.resolve("twice.invite"), Files.readString(invite("P0")).replaceFirst("\\{", "{\"version\":1,"));
        var many = changed("P0", node -> {
            var certificates = (ArrayNode) node.path("certificates");
            certificates.add(certificates.path(0)).add(certificates.path(0));
            return node;
        });

        join("P1", many).failedWith("not one or two");
        join("P1", large).failedWith("larger than any invite");
        join("P1", twice).failedWith("twice");
        join("P1", folder.resolve("none.invite")).failedWith("does not exist");
        join("P1", folder.resolve("P0/tls.crt")).failedWith("is not an invite");
        join("P1", folder.resolve("P0/P0.member.json")).failedWith("is not an invite");
    }

    @Test
    void nothing_changes_when_one_file_cannot_be_written() throws Exception {
        join("P1", invite("P0"), invite("R0")).succeeded();
        var roster = roster("P1");
        var trust = Files.readString(folder.resolve("P1/trust.pem"));
        Files.createDirectories(folder.resolve("P1/joined/C0.invite.new/x"));

        join("P1", invite("C0")).failedWith("C0.invite cannot be replaced");

        assertThat(roster("P1")).isEqualTo(roster);
        assertThat(Files.readString(folder.resolve("P1/trust.pem"))).isEqualTo(trust);
        try (var files = Files.list(folder.resolve("P1"))) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.endsWith(".new"));
        }
    }

    @Test
    void manual_pins_and_lines_are_kept_and_reported() throws Exception {
        make("P2", folder.resolve("P2"));
        Run.of("roster", "add", "--roster", folder.resolve("P1/roster.json"), folder.resolve("P2/P2.member.json"))
                .succeeded();
        Run.of("trust", "--out", folder.resolve("P1/trust.pem"), "P2-user=" + folder.resolve("P2/user.crt"))
                .succeeded();

        var run = join("P1", othersOf("P1")).succeeded();

        assertThat(run.out())
                .contains("the digest is not over them: P2.")
                .containsPattern("in no invite; the digest is not over them:\\R {4}.*P2-user.*, SHA-256 ");
        assertThat(pinned("P1")).containsExactly("P1", "P1-user", "P2-user", "R0");
        assertThat(Roster.parse(roster("P1")).members()).hasSize(5);
    }

    @Test
    void a_roster_line_that_differs_from_the_invite_needs_the_option_replace() {
        make("P0", folder.resolve("other/P0"));
        Run.of("roster", "add", "--roster", folder.resolve("P1/roster.json"), folder.resolve("other/P0/P0.member.json"))
                .succeeded();

        join("P1", invite("P0")).failedWith("has another line for P0 than its invite");
        join("P1", "--replace", "P0", invite("P0")).succeeded();
    }

    @Test
    void a_missing_key_or_invite_is_reported_with_the_command_that_creates_it() throws Exception {
        Files.delete(invite("P1"));

        join("P1", invite("P0")).failedWith("create it first with shareferry invite");
        Run.of("join", "--dir", folder.resolve("nowhere"), invite("P0")).failedWith("shareferry keygen");
        Run.of("invite", "--dir", folder.resolve("nowhere")).failedWith("shareferry keygen");
        Files.delete(folder.resolve("P1/P1.member.json"));
        Run.of("invite", "--dir", folder.resolve("P1")).failedWith("make it with shareferry keygen");
    }
}
