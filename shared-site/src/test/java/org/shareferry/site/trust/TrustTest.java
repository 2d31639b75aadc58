// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.member.MemberName;
import org.shareferry.site.trust.TrustDecision.Accepted;
import org.shareferry.site.trust.TrustDecision.Reason;
import org.shareferry.site.trust.TrustDecision.Refused;

/// What C0 accepts: pins of R0 and of its own, and authorities.
class TrustTest {
    private static final MemberName C0 = MemberName.client(0);
    private static final MemberName R0 = MemberName.parse("R0");
    private static final List<String> LOCAL = List.of("C0-user", "C0-monitor");

    private static Trust pins(TestCertificate... pins) {
        return trust(List.of(pins));
    }

    private static Trust trust(List<TestCertificate> pins, Authority... authorities) {
        return new Trust(pins.stream().map(TestCertificate::certificate).toList(), List.of(authorities), C0, LOCAL);
    }

    private static Authority authority(TestCertificate made, String... members) {
        return new Authority(
                made.certificate(), Stream.of(members).map(MemberName::parse).collect(Collectors.toSet()));
    }

    private static TrustDecision judge(Trust trust, TestCertificate... shown) {
        return trust.judge(shown(shown), KeyPurpose.CLIENT, TestCertificate.NOW);
    }

    private static List<X509Certificate> shown(TestCertificate... shown) {
        return Arrays.stream(shown).map(TestCertificate::certificate).toList();
    }

    private static void accepted(TrustDecision decision, String name) {
        assertThat(decision).isEqualTo(new Accepted(name));
    }

    private static void refused(TrustDecision decision, Reason reason) {
        assertThat(decision)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void a_pin_is_accepted_for_its_name() {
        var relay = TestCertificate.of("R0").make();

        accepted(judge(pins(relay), relay), "R0");
    }

    @Test
    void while_a_certificate_is_renewed_both_pins_of_a_name_are_accepted() {
        var former = TestCertificate.of("R0").make();
        var next = TestCertificate.of("R0").make();

        accepted(judge(pins(former, next), former), "R0");
        accepted(judge(pins(former, next), next), "R0");
    }

    /// A stranger chooses the keys of the certificates that it shows, and a signature under a large DSA key costs
    /// minutes.
    @Test
    void a_path_with_a_key_that_is_costly_to_verify_with_is_refused() throws Exception {
        var generator = KeyPairGenerator.getInstance("DSA");
        generator.initialize(1024);
        var root = TestCertificate.of("root").asAuthority().make();
        var costly = TestCertificate.of("costly").asAuthority().issuedBy(root, generator.generateKeyPair());
        var leaf = TestCertificate.of("P0").issuedBy(costly);

        refused(judge(trust(List.of(), authority(root, "P0")), leaf, costly), Reason.NOT_TRUSTED);
    }

    @Test
    void trust_files_are_read_once_for_a_consistent_state(@TempDir Path folder) throws Exception {
        var trust = folder.resolve("trust.pem");
        var files = new TrustFiles(trust, folder.resolve("authorities.json"));
        var relay = TestCertificate.of("R0").make();
        Files.writeString(trust, relay.pem());

        var read = files.readPins();
        Files.writeString(trust, TestCertificate.of("P0").make().pem());

        assertThat(read.content().get()).isEqualTo(new TrustFile.Whole<>(List.of(relay.certificate())));
        assertThat(files.readPins().digest()).isNotEqualTo(read.digest());
    }

    @Test
    void a_missing_or_empty_file_has_no_authorities_and_a_damaged_one_keeps_its_readable_entries(@TempDir Path folder)
            throws Exception {
        var trust = folder.resolve("trust.pem");
        var files = new TrustFiles(trust, folder.resolve("authorities.json"));
        var relay = TestCertificate.of("R0").make();

        assertThat(files.readPins().content().get()).isEqualTo(new TrustFile.Whole<>(List.of()));
        Files.createFile(trust);
        assertThat(files.readPins().content().get()).isEqualTo(new TrustFile.Whole<>(List.of()));
        assertThatThrownBy(() -> files.read(C0, LOCAL)).isInstanceOf(TrustFileException.class);
        var cut = TestCertificate.of("P0").make().pem().substring(0, 200);
        Files.writeString(trust, cut + "\n" + relay.pem() + cut);
        assertThat(readable(files.readPins())).isEqualTo(List.of(relay.certificate()));
        assertThatThrownBy(() -> files.read(C0, LOCAL)).isInstanceOf(TrustFileException.class);
    }

    @Test
    void usable_authorities_of_a_damaged_file_are_read(@TempDir Path folder) throws Exception {
        var named = folder.resolve("authorities.json");
        var files = new TrustFiles(folder.resolve("trust.pem"), named);
        var authority = authority(TestCertificate.of("authority").asAuthority().make(), "P0");
        var json = AuthoritiesFile.toJson(List.of(authority, authority));

        Files.writeString(named, json.replaceFirst("\"P0\"", "\"nobody\""));
        assertThat(readable(files.readAuthorities())).isEqualTo(List.of(authority));
        Files.writeString(named, json.substring(0, json.length() / 2));
        assertThat(readable(files.readAuthorities())).isEmpty();
    }

    private static <T> List<T> readable(TrustFile<T> file) {
        if (file.content().get() instanceof TrustFile.Damaged<T> damaged) {
            return damaged.readable();
        }
        throw new AssertionError("The file is not damaged.");
    }

    private static KeyPair rsa(int bits) throws Exception {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        return generator.generateKeyPair();
    }

    @Test
    void a_certificate_with_an_rsa_key_under_2048_bits_is_refused_pinned_or_issued() throws Exception {
        var root = TestCertificate.of("root").asAuthority().make();
        var weak = TestCertificate.of("P0").issuedBy(root, rsa(1_024));
        var strong = TestCertificate.of("P0").issuedBy(root, rsa(2_048));

        refused(judge(pins(weak), weak), Reason.WEAK);
        refused(judge(trust(List.of(), authority(root, "P0")), weak), Reason.WEAK);
        accepted(judge(pins(strong), strong), "P0");
        accepted(judge(trust(List.of(), authority(root, "P0")), strong), "P0");
    }

    @Test
    void a_path_over_a_weak_authority_is_refused() throws Exception {
        var root = TestCertificate.of("root").asAuthority().make();
        var weak = TestCertificate.of("weak").asAuthority().issuedBy(root, rsa(1_024));
        var leaf = TestCertificate.of("P0").issuedBy(weak);

        refused(judge(trust(List.of(), authority(root, "P0")), leaf, weak), Reason.WEAK);
        refused(judge(trust(List.of(), authority(weak, "P0")), leaf), Reason.WEAK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHA1withECDSA", "SHA1withRSA", "SHA1withRSAandMGF1", "MD5withRSA"})
    void a_certificate_signed_with_an_old_hash_is_accepted_only_as_a_pin(String algorithm) throws Exception {
        var keys = algorithm.contains("RSA")
                ? rsa(2_048)
                : TestCertificate.of("any").make().keys();
        var root = TestCertificate.of("root").asAuthority().make(keys);
        var leaf = TestCertificate.of("P0").issuedBy(root, algorithm);

        assertThat(Strength.weakSignature(leaf.certificate())).isPresent();
        refused(judge(trust(List.of(), authority(root, "P0")), leaf), Reason.WEAK);
        accepted(judge(pins(leaf), leaf), "P0");
        accepted(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(root)),
                "P0");
    }

    @Test
    void a_signature_with_pss_over_sha_256_is_strong() throws Exception {
        var root = TestCertificate.of("root").asAuthority().make(rsa(2_048));

        accepted(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(root, "SHA256withRSAandMGF1")),
                "P0");
    }

    @Test
    void another_certificate_of_a_pinned_name_is_refused() {
        refused(
                judge(
                        pins(TestCertificate.of("R0").make()),
                        TestCertificate.of("R0").make()),
                Reason.NOT_TRUSTED);
    }

    @Test
    void a_strangers_name_is_reported_without_control_characters() {
        var stranger = TestCertificate.of("P9\u001b[2Jtrusted").make();

        var refused = (TrustDecision.Refused) judge(pins(), stranger);

        assertThat(refused.why()).contains("certificate of P9 [2Jtrusted,").doesNotContain("\u001b");
    }

    @Test
    void a_pin_issues_nothing_even_if_it_is_marked_as_an_authority() {
        var relay = TestCertificate.of("R0").asAuthority().make();

        for (var name : List.of("C0-user", "C0-monitor", "C0", "R0", "P0")) {
            refused(judge(pins(relay), TestCertificate.of(name).issuedBy(relay), relay), Reason.NOT_TRUSTED);
            refused(judge(pins(relay), TestCertificate.of(name).issuedBy(relay)), Reason.NOT_TRUSTED);
        }
        accepted(judge(pins(relay), relay), "R0");
    }

    @Test
    void a_pin_that_expired_issues_nothing_and_is_refused() {
        var relay = TestCertificate.of("R0").asAuthority().expired().make();

        refused(judge(pins(relay), TestCertificate.of("C0-user").issuedBy(relay), relay), Reason.NOT_TRUSTED);
        refused(judge(pins(relay), relay), Reason.EXPIRED);
    }

    @Test
    void a_pin_that_is_not_valid_yet_is_refused() {
        var early = TestCertificate.of("R0")
                .between(TestCertificate.NOW.plusSeconds(1), TestCertificate.NOW.plus(Duration.ofDays(9)))
                .make();

        refused(judge(pins(early), early), Reason.NOT_YET_VALID);
    }

    @Test
    void a_pin_is_not_accepted_as_another_member() {
        var relay = TestCertificate.of("R0").make();

        refused(
                pins(relay).judge(shown(relay), MemberName.party(0), KeyPurpose.SERVER, TestCertificate.NOW),
                Reason.ANOTHER_NAME);
        accepted(pins(relay).judge(shown(relay), R0, KeyPurpose.SERVER, TestCertificate.NOW), "R0");
    }

    @Test
    void an_authority_issues_for_its_named_members_only() {
        var issuer = TestCertificate.of("authority").asAuthority().make();
        var trust = trust(List.of(), authority(issuer, "P0"));

        accepted(judge(trust, TestCertificate.of("P0").issuedBy(issuer)), "P0");
        for (var name : List.of("P1", "R0", "C0", "C0-user", "C0-monitor", "stranger", "P0-user")) {
            refused(judge(trust, TestCertificate.of(name).issuedBy(issuer)), Reason.NOT_TRUSTED);
        }
    }

    @Test
    void an_authority_without_members_issues_for_nobody() {
        var issuer = TestCertificate.of("authority").asAuthority().make();

        refused(
                judge(
                        trust(List.of(), authority(issuer)),
                        TestCertificate.of("P0").issuedBy(issuer)),
                Reason.NOT_TRUSTED);
    }

    @Test
    void the_members_own_authority_speaks_for_it_and_its_users_and_monitors_only() {
        var issuer = TestCertificate.of("authority").asAuthority().make();
        var trust = trust(List.of(), authority(issuer, "C0"));

        for (var name : List.of("C0", "C0-user", "C0-monitor")) {
            accepted(judge(trust, TestCertificate.of(name).issuedBy(issuer)), name);
        }
        for (var name : List.of("R0", "P0", "R0-user", "C0-stranger")) {
            refused(judge(trust, TestCertificate.of(name).issuedBy(issuer)), Reason.NOT_TRUSTED);
        }
    }

    @Test
    void a_user_with_the_name_of_a_member_is_not_issued_by_that_members_authority() {
        var issuer = TestCertificate.of("authority").asAuthority().make();
        var trust = new Trust(List.of(), List.of(authority(issuer, "P0")), C0, List.of("P0"));

        refused(judge(trust, TestCertificate.of("P0").issuedBy(issuer)), Reason.NOT_TRUSTED);
    }

    @Test
    void an_authority_s_own_certificate_is_not_a_member_s() {
        var issuer = TestCertificate.of("P0").asAuthority().make();

        refused(judge(trust(List.of(), authority(issuer, "P0")), issuer), Reason.NOT_TRUSTED);
    }

    @Test
    void intermediates_are_accepted_in_any_order() {
        var root = TestCertificate.of("root").asAuthority().make();
        var upper = TestCertificate.of("upper").asAuthority().issuedBy(root);
        var lower = TestCertificate.of("lower").asAuthority().issuedBy(upper);
        var party = TestCertificate.of("P0").issuedBy(lower);
        var trust = trust(List.of(), authority(root, "P0"));

        accepted(judge(trust, party, lower, upper), "P0");
        accepted(judge(trust, party, upper, root, lower), "P0");
        refused(judge(trust, party, lower), Reason.NOT_TRUSTED);
    }

    @Test
    void every_link_including_the_authority_s_own_certificate_must_be_valid() {
        var root = TestCertificate.of("root").asAuthority().make();
        var expiredRoot = TestCertificate.of("root").asAuthority().expired().make();
        var expiredLower = TestCertificate.of("lower").asAuthority().expired().issuedBy(root);
        var lower = TestCertificate.of("lower").asAuthority().issuedBy(expiredRoot);

        refused(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(expiredLower),
                        expiredLower),
                Reason.AUTHORITY_EXPIRED);
        refused(
                judge(
                        trust(List.of(), authority(expiredRoot, "P0")),
                        TestCertificate.of("P0").issuedBy(lower),
                        lower),
                Reason.AUTHORITY_EXPIRED);
        refused(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").expired().issuedBy(root)),
                Reason.EXPIRED);
    }

    @Test
    void an_intermediate_named_in_place_of_its_root_is_judged_by_its_own_dates() {
        var root = TestCertificate.of("root").asAuthority().make();
        var lower = TestCertificate.of("lower").asAuthority().issuedBy(root);
        var expired = TestCertificate.of("lower").asAuthority().expired().issuedBy(root);

        accepted(
                judge(
                        trust(List.of(), authority(lower, "P0")),
                        TestCertificate.of("P0").issuedBy(lower),
                        lower,
                        root),
                "P0");
        refused(
                judge(
                        trust(List.of(), authority(lower, "P0")),
                        TestCertificate.of("P0").issuedBy(root),
                        root),
                Reason.NOT_TRUSTED);
        refused(
                judge(
                        trust(List.of(), authority(expired, "P0")),
                        TestCertificate.of("P0").issuedBy(expired)),
                Reason.AUTHORITY_EXPIRED);
    }

    @Test
    void a_leaf_in_the_middle_of_a_path_issues_nothing() {
        var root = TestCertificate.of("root").asAuthority().make();
        var party = TestCertificate.of("P0").issuedBy(root);
        var signer = TestCertificate.of("lower")
                .asAuthority()
                .withUsage(KeyUsage.digitalSignature)
                .issuedBy(root);
        var trust = trust(List.of(), authority(root, "P0"));

        refused(judge(trust, TestCertificate.of("P0").issuedBy(party), party), Reason.NOT_TRUSTED);
        refused(judge(trust, TestCertificate.of("P0").issuedBy(signer), signer), Reason.NOT_TRUSTED);
    }

    @Test
    void path_lengths_are_checked_including_the_authority_s_own() {
        var root = TestCertificate.of("root").asAuthority(0).make();
        var lower = TestCertificate.of("lower").asAuthority().issuedBy(root);
        var other = TestCertificate.of("other").asAuthority().make();
        var named = TestCertificate.of("named").asAuthority(0).issuedBy(other);
        var belowNamed = TestCertificate.of("lower").asAuthority().issuedBy(named);

        refused(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(lower),
                        lower),
                Reason.NOT_TRUSTED);
        accepted(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(root)),
                "P0");
        refused(
                judge(
                        trust(List.of(), authority(named, "P0")),
                        TestCertificate.of("P0").issuedBy(belowNamed),
                        belowNamed),
                Reason.NOT_TRUSTED);
    }

    @Test
    void name_constraints_of_an_authority_are_checked() {
        var root = TestCertificate.of("root")
                .asAuthority()
                .withoutNamesBelow("CN=P0")
                .make();
        var trust = trust(List.of(), authority(root, "P0", "P1"));

        refused(judge(trust, TestCertificate.of("P0").issuedBy(root)), Reason.NOT_TRUSTED);
        accepted(judge(trust, TestCertificate.of("P1").issuedBy(root)), "P1");
        assertThatThrownBy(() -> authority(
                        TestCertificate.of("lower")
                                .asAuthority()
                                .withoutNamesBelow("CN=P0")
                                .issuedBy(root),
                        "P1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("name its root instead");
    }

    @Test
    void an_issued_certificate_is_accepted_for_its_stated_purpose_only() {
        var root = TestCertificate.of("root").asAuthority().make();
        var trust = trust(List.of(), authority(root, "P0"));
        var server = TestCertificate.of("P0")
                .withPurpose(KeyPurposeId.id_kp_serverAuth)
                .issuedBy(root);
        var mail = TestCertificate.of("P0")
                .withPurpose(KeyPurposeId.id_kp_emailProtection)
                .issuedBy(root);
        var encryption =
                TestCertificate.of("P0").withUsage(KeyUsage.keyEncipherment).issuedBy(root);

        refused(judge(trust, server), Reason.NOT_TRUSTED);
        accepted(trust.judge(shown(server), KeyPurpose.SERVER, TestCertificate.NOW), "P0");
        refused(trust.judge(shown(mail), KeyPurpose.SERVER, TestCertificate.NOW), Reason.NOT_TRUSTED);
        refused(judge(trust, encryption), Reason.NOT_TRUSTED);
    }

    @Test
    void an_issuer_without_the_ca_flag_is_refused() {
        var plain = TestCertificate.of("plain").make();
        var signer = TestCertificate.of("signer")
                .asAuthority()
                .withUsage(KeyUsage.digitalSignature)
                .make();

        assertThatThrownBy(() -> authority(plain, "P0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> authority(signer, "P0")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_authority_with_the_name_but_not_the_key_of_a_trusted_one_is_refused() {
        var root = TestCertificate.of("root").asAuthority().make();
        var posing = TestCertificate.of("root").asAuthority().make();

        refused(
                judge(
                        trust(List.of(), authority(root, "P0")),
                        TestCertificate.of("P0").issuedBy(posing),
                        posing),
                Reason.NOT_TRUSTED);
    }

    @Test
    void the_first_authority_that_issued_a_certificate_decides() {
        var root = TestCertificate.of("root").asAuthority().make();
        var other = TestCertificate.of("other").asAuthority().make();
        var trust = trust(List.of(), authority(other, "P0"), authority(root, "P0"));

        accepted(judge(trust, TestCertificate.of("P0").issuedBy(root)), "P0");
        refused(judge(trust, TestCertificate.of("P0").expired().issuedBy(root)), Reason.EXPIRED);
    }

    @Test
    void certificates_that_sign_each_other_are_refused() {
        var a = TestCertificate.of("a").asAuthority().make();
        var b = TestCertificate.of("b").asAuthority().issuedBy(a);
        var c = TestCertificate.of("b").asAuthority().issuedBy(b);
        var trust = trust(
                List.of(), authority(TestCertificate.of("root").asAuthority().make(), "P0"));

        refused(judge(trust, TestCertificate.of("P0").issuedBy(c), a, b, c, a, b, c), Reason.NOT_TRUSTED);
    }

    @Test
    void a_certificate_needs_exactly_one_common_name() {
        for (var subject : List.of("CN=R0,CN=C0-user", "CN=R0+OU=x+CN=C0-user", "O=R0", "OU=x")) {
            var made = TestCertificate.subject(subject).make();
            refused(judge(pins(made), made), Reason.NAMELESS);
        }
        var made = TestCertificate.subject("OU=x+CN=R0,O=y").make();
        accepted(judge(pins(made), made), "R0");
    }

    @Test
    void authorities_survive_writing_and_reading() throws Exception {
        var root = authority(TestCertificate.of("root").asAuthority().make(), "P0", "P1");
        var nobody = authority(TestCertificate.of("nobody").asAuthority().make());

        assertThat(AuthoritiesFile.parse(AuthoritiesFile.toJson(List.of(root, nobody))))
                .containsExactly(root, nobody);
        assertThat(root.members()).isEqualTo(Set.of(MemberName.party(0), MemberName.party(1)));
    }
}
