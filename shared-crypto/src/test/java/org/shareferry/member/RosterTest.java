// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.KeyId;

/// The roster is read as it was written; a malformed one is refused with what is wrong and at which member.
class RosterTest {
    // RFC 8032 §7.1, TEST 1 and TEST 2, in base64url
    private static final String KEY_1 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
    private static final String KEY_2 = "PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw";
    private static final String P0 = """
            {"name":"P0","role":"party","address":"https://p0.example:8443","identityKeys":["@1"]}""";
    private static final String C0 = """
            {"name":"C0","role":"client","identityKeys":["@2"]}""";

    /// Shared with the fuzzer.
    static final String VALID = roster(P0, C0);

    static Stream<Arguments> malformed() {
        return Stream.of(
                Arguments.of("", "The roster is not a JSON object."),
                Arguments.of("{", "The roster ends before it is complete near line 1, column 2."),
                Arguments.of("[]", "The roster is not a JSON object."),
                Arguments.of("null", "The roster is not a JSON object."),
                Arguments.of(
                        "{\"version\":1}{}", "The roster has unexpected data after its end near line 1, column 14."),
                Arguments.of("[".repeat(100_000), "The roster has a string, a number or a nesting beyond the limits."),
                Arguments.of(
                        VALID.replace("\"version\":1,", "\"version\":1,\"version\":1,"),
                        "The roster has the property \"version\" twice near line 1, column 23."),
                Arguments.of(VALID.replace("\"version\":1,", ""), "The roster lacks \"version\"."),
                Arguments.of(VALID.replace("\"version\":1", "\"version\":2"), "The roster's version is not 1."),
                Arguments.of(VALID.replace("\"version\":1", "\"version\":1.0"), "The roster's version is not 1."),
                Arguments.of(VALID.replace("\"version\":1", "\"version\":\"1\""), "The roster's version is not 1."),
                Arguments.of(
                        VALID.replace("\"version\":1", "\"version\":4294967297"), "The roster's version is not 1."),
                Arguments.of("{\"version\":1}", "The roster lacks \"members\"."),
                Arguments.of("{\"version\":1,\"members\":{}}", "The roster's members are not an array."),
                Arguments.of(
                        VALID.replace("\"version\":1", "\"version\":1,\"x\":0"),
                        "The roster has the unknown property \"x\"."),
                Arguments.of(roster(P0, "7"), "Member 1 of the roster is not a JSON object."),
                Arguments.of(roster(P0, "null"), "Member 1 of the roster is not a JSON object."),
                Arguments.of(roster(P0, C0.replace("\"name\":\"C0\",", "")), "Member 1 of the roster lacks \"name\"."),
                Arguments.of(
                        roster(P0, C0.replace("\"role\":\"client\",", "")), "Member 1 of the roster lacks \"role\"."),
                Arguments.of(
                        roster(P0, "{\"name\":\"C0\",\"role\":\"client\"}"),
                        "Member 1 of the roster lacks \"identityKeys\"."),
                Arguments.of(
                        roster(P0, C0.replace("\"role\"", "\"colour\":\"red\",\"role\"")),
                        "Member 1 of the roster has the unknown property \"colour\"."),
                Arguments.of(
                        roster(P0, C0.replace("\"C0\"", "\"C00\"")),
                        "Member 1 of the roster has a name that is not P, R or C and a number."),
                Arguments.of(
                        roster(P0, C0.replace("\"C0\"", "null")),
                        "Member 1 of the roster has a name that is not P, R or C and a number."),
                Arguments.of(
                        roster(P0, C0.replace("\"client\"", "\"party\"")),
                        "C0 has the role client, but the roster has a different one."),
                Arguments.of(
                        roster(P0, C0.replace("\"client\"", "3")),
                        "C0 has the role client, but the roster has a different one."),
                Arguments.of(address("http://p0.example:8443"), refused("The address does not begin with https://.")),
                Arguments.of(
                        address("https://p0.example:8443/"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(
                        address("https://p0.example:8443/v1"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(
                        address("https://p0.example:8443?x"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(
                        address("https://p0.example:8443#x"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(
                        address("https://me@p0.example:8443"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(address("https://"), refused("The host is missing.")),
                Arguments.of(address("p0.example:8443"), refused("The address does not begin with https://.")),
                Arguments.of(
                        address("https://p0 .example"),
                        refused("The address has more than https://host:port: no user, path, query or spaces.")),
                Arguments.of(address(""), refused("The address does not begin with https://.")),
                Arguments.of(
                        roster(P0.replace("\"https://p0.example:8443\"", "null")),
                        refused("The address does not begin with https://.")),
                Arguments.of(
                        roster(P0.replace("\"https://p0.example:8443\"", "{}")),
                        refused("The address does not begin with https://.")),
                Arguments.of(keys("[]"), "C0 has no identity key; it needs at least one."),
                Arguments.of(keys("\"" + KEY_2 + "\""), "C0 has identity keys that are not an array."),
                Arguments.of(keys("{\"a\":\"" + KEY_2 + "\"}"), "C0 has identity keys that are not an array."),
                Arguments.of(keys("null"), "C0 has identity keys that are not an array."),
                Arguments.of(keys("[7]"), noKey("C0")),
                Arguments.of(keys("[null]"), noKey("C0")),
                Arguments.of(keys("[\"\"]"), noKey("C0")),
                Arguments.of(keys("[\"" + KEY_2 + "=\"]"), noKey("C0")),
                Arguments.of(keys("[\"" + KEY_2.replace('-', '+') + "\"]"), noKey("C0")),
                Arguments.of(keys("[\"" + KEY_2.substring(2) + "\"]"), noKey("C0")),
                // the point of order 1
                Arguments.of(keys("[\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"]"), noKey("C0")),
                Arguments.of(roster(P0, C0, C0.replace("@2", "@1")), twice()),
                Arguments.of(roster(P0, C0.replace("@2", "@1")), twice()),
                Arguments.of(keys("[\"" + KEY_2 + "\",\"" + KEY_2 + "\"]"), twice()));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void a_malformed_roster_is_refused_with_what_and_where(String json, String reason) {
        assertThatThrownBy(() -> Roster.parse(json))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void a_roster_is_read() throws Exception {
        var roster = Roster.parse(VALID);

        assertThat(roster.members()).containsExactly(member("P0", KEY_1, "https://p0.example:8443"), client("C0"));
        assertThat(roster.find(MemberName.client(0))).contains(client("C0"));
        assertThat(roster.find(MemberName.client(1))).isEmpty();
        assertThat(roster.ofRole(Role.PARTY)).containsExactly(member("P0", KEY_1, "https://p0.example:8443"));
        assertThat(roster).hasToString("roster of [P0, C0]");
    }

    @Test
    void a_roster_is_written_as_it_is_read() throws Exception {
        var roster = Roster.parse(VALID);

        var json = roster.toJson();

        assertThat(json).endsWith("}\n");
        assertThat(Roster.parse(json)).isEqualTo(roster).hasSameHashCodeAs(roster);
    }

    @Test
    void members_stand_in_the_order_of_roles_and_numbers() {
        var roster = Roster.of(
                Stream.of("C1", "C0", "R0", "P10", "P2").map(RosterTest::fresh).toList());

        assertThat(roster.members())
                .extracting(m -> m.name().toString())
                .containsExactly("P2", "P10", "R0", "C0", "C1");
    }

    @Test
    void a_member_is_added_or_put_in_the_place_of_the_one_of_its_name() {
        var first = fresh("P0");
        var second = fresh("P0");
        var roster = Roster.of(List.of(first));

        assertThat(roster.with(second).members()).containsExactly(second);
        assertThat(roster.with(fresh("C0")).members()).hasSize(2);
        assertThat(roster.members()).containsExactly(first);
        assertThat(roster).isNotEqualTo(roster.with(second));
    }

    @Test
    void a_member_that_changes_keys_has_both_meanwhile() {
        try (var old = IdentityKey.generate();
                var current = IdentityKey.generate()) {
            var member =
                    new Member(MemberName.party(0), Optional.empty(), List.of(current.publicKey(), old.publicKey()));

            assertThat(member.identityKey(current.publicKey().id())).contains(current.publicKey());
            assertThat(member.identityKey(old.publicKey().id())).contains(old.publicKey());
            assertThat(member.identityKey(new KeyId(Bytes.of(new byte[32])))).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"P0, PARTY, 0", "P9999, PARTY, 9999", "R0, RELAY, 0", "C12, CLIENT, 12"})
    void a_name_is_the_letter_of_a_role_and_a_number(String text, Role role, int number) {
        assertThat(MemberName.parse(text))
                .isEqualTo(new MemberName(role, number))
                .hasToString(text);
        assertThat(MemberName.parse(text).toBytes()).isEqualTo(Bytes.ascii(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "P", "0", "p0", "X0", "P00", "P01", "P-1", "P+1", "P10000", " P0", "P0 ", "P0\n", "P٣"})
    void a_malformed_name_is_refused(String text) {
        assertThatThrownBy(() -> MemberName.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 10_000})
    void a_number_outside_of_its_limits_is_refused(int number) {
        assertThatThrownBy(() -> MemberName.party(number)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String roster(String... members) {
        return ("{\"version\":1,\"members\":[" + String.join(",", members) + "]}")
                .replace("@1", KEY_1)
                .replace("@2", KEY_2);
    }

    private static String address(String address) {
        return roster(P0.replace("https://p0.example:8443", address));
    }

    private static String keys(String keys) {
        return roster(P0, C0.replace("[\"@2\"]", keys));
    }

    private static String refused(String fault) {
        return "P0 has an address that is not https://host:port. " + fault;
    }

    private static String noKey(String name) {
        return name + " has an identity key that is not 32 bytes of Ed25519 in base64url.";
    }

    private static String twice() {
        return "The roster has a member or an identity key twice.";
    }

    private static Member client(String name) throws Exception {
        return new Member(
                MemberName.parse(name), Optional.empty(), List.of(IdentityPublicKey.of(Bytes.fromBase64Url(KEY_2))));
    }

    private static Member member(String name, String key, String address) throws Exception {
        return new Member(
                MemberName.parse(name),
                Optional.of(URI.create(address)),
                List.of(IdentityPublicKey.of(Bytes.fromBase64Url(key))));
    }

    private static Member fresh(String name) {
        try (var key = IdentityKey.generate()) {
            return new Member(MemberName.parse(name), Optional.empty(), List.of(key.publicKey()));
        }
    }
}
