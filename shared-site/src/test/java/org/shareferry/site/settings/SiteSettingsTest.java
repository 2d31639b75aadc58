// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.site.Database;
import org.shareferry.site.MemberSite;

/// A service reads its settings with the same records before it starts, so what is refused here prevents its start.
class SiteSettingsTest {
    private static final String SERVICE = """
            shareferry.roster: roster.json
            shareferry.identity-key: identity.pem
            """;
    private static final String PARTY = SERVICE + """
            shareferry.member: P1
            shareferry.party.protocol: mascot
            shareferry.party.vm.port: 14000
            shareferry.party.vm.certificates: Player-Data
            """;
    private static final String CLIENT = SERVICE + """
            shareferry.member: C0
            shareferry.client.parties: P0, P1
            shareferry.client.keys: keys
            """;
    private static final String WEBHOOK = CLIENT + """
            shareferry.client.webhook.url: https://app.example/
            shareferry.client.webhook.secret-file: webhook.secret
            """;
    private static final String RELAY = SERVICE + "shareferry.member: R0\n";

    @TempDir
    private Path folder;

    /// @param base YAML
    /// @param row YAML that overrides it, or environment variables as `NAME=value;NAME=value`
    private MemberSite read(String base, String row) throws Exception {
        boolean isEnvironment = row.matches("[A-Z0-9_]+=.*");
        Files.writeString(folder.resolve("application.yml"), base + "---\n" + (isEnvironment ? "" : row));
        var variables = isEnvironment
                ? Arrays.stream(row.split(";"))
                        .collect(Collectors.toMap(pair -> pair.split("=")[0], pair -> pair.split("=")[1]))
                : Map.<String, String>of();
        return SiteSettings.read(ServiceEnvironment.of(folder, Optional.empty(), variables), folder);
    }

    private String refusal(String base, String row) {
        return catchThrowableOfType(SettingsException.class, () -> read(base, row))
                .sentence();
    }

    private Path file(String name) {
        return folder.resolve(name);
    }

    @Test
    void a_party_has_the_files_connections_and_vms_of_its_settings() throws Exception {
        var site = read(PARTY, """
                shareferry.users: P1-user
                shareferry.monitors: P1-monitor
                shareferry.party.vms.b: {port: 15000, one-port: true, certificates: other, client: 3, protocol: semi2k}
                """);

        assertThat(site)
                .isEqualTo(new MemberSite(
                        MemberName.party(1),
                        new MemberSite.TlsFiles(
                                file("tls.crt"), file("tls.key"), file("trust.pem"), file("authorities.json")),
                        List.of("P1-user", "P1-monitor"),
                        file("roster.json"),
                        file("identity.pem"),
                        List.of(),
                        List.of(),
                        MemberName.parse("R0"),
                        true,
                        Duration.ofMinutes(5),
                        new Database.Sqlite(file("party.db")),
                        Optional.empty(),
                        List.of(
                                new MemberSite.Vm(
                                        "shareferry.party.vm",
                                        "127.0.0.1",
                                        14_001,
                                        Optional.of(file("Player-Data")),
                                        Optional.empty(),
                                        1),
                                new MemberSite.Vm(
                                        "shareferry.party.vms.b",
                                        "127.0.0.1",
                                        15_000,
                                        Optional.of(file("other")),
                                        Optional.of(3),
                                        1)),
                        List.of("mascot", "semi2k"),
                        Optional.of(file("canary")),
                        Optional.empty()));
    }

    @Test
    void a_client_has_the_party_sets_keys_and_webhook_of_its_settings() throws Exception {
        var site = read(WEBHOOK, """
                shareferry.client.mode: pull
                shareferry.client.webhook.trust: receiver.crt
                shareferry.client.party-sets.threes.parties: P2, P1, P0
                """);

        assertThat(site.parties()).containsExactly(MemberName.party(0), MemberName.party(1));
        assertThat(site.partySets())
                .containsExactly(List.of(MemberName.party(0), MemberName.party(1), MemberName.party(2)));
        assertThat(site.isDialled()).isFalse();
        assertThat(site.openingKeys()).contains(file("keys"));
        assertThat(site.webhook())
                .contains(new MemberSite.Webhook(
                        "https://app.example/",
                        Optional.of(file("webhook.secret")),
                        Optional.of(file("receiver.crt"))));
        assertThat(site.canary()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    shareferry.party.vm.tls: on                                        | shareferry.party.vm.tls: true
                    shareferry.party.vm.tls: yes                                       | shareferry.party.vm.tls: true
                    shareferry.party.vm.tls: 'YES'                                     | shareferry.party.vm.tls: true
                    SHAREFERRY_PARTY_VM_TLS=1                                          | shareferry.party.vm.tls: true
                    SHAREFERRY_PARTY_VM_TLS=on                                         | shareferry.party.vm.tls: true
                    shareferry.party.vm.tls: off                                       | shareferry.party.vm.tls: false
                    shareferry.party.vm.tls: 'no'                                      | shareferry.party.vm.tls: false
                    shareferry.party.vm.tls: '0'                                       | shareferry.party.vm.tls: false
                    shareferry.party.vm.tls: ' false '                                 | shareferry.party.vm.tls: false
                    SHAREFERRY_PARTY_VM_TLS=off                                        | shareferry.party.vm.tls: false
                    SHAREFERRY_PARTY_VM_ONEPORT=yes                                    | shareferry.party.vm.one-port: true
                    SHAREFERRY_PARTY_VM_ONE_PORT=yes                                   | shareferry.party.vm.one-port: true
                    shareferry.party.vm: {onePort: on}                                 | shareferry.party.vm.one-port: true
                    shareferry.party.vm: {one_port: 'true', port: '0x10'}              | shareferry.party.vm: {one-port: true, port: 16}
                    SHAREFERRY_PARTY_VM_HOST=127.0.0.2;SHAREFERRY_PARTY_VM_PORT=15000  | shareferry.party.vm: {host: 127.0.0.2, port: 15000}
                    SHAREFERRY_PARTY_VM_CERTIFICATES=elsewhere                         | shareferry.party.vm.certificates: elsewhere
                    shareferry.party.vm.certificates: file:/etc/Player-Data            | shareferry.party.vm.certificates: /etc/Player-Data
                    shareferry.party.vm.certificates: file:Player-Data                 | shareferry.party.vm.certificates: Player-Data
                    shareferry: {party: {vm: {host: localhost, party: 1}}}             | shareferry.party.vm.host: localhost
                    shareferry.party.vms: {b-2: {port: 16000, tls: off}}               | shareferry.party.vms.b-2: {port: 16000, tls: false}
                    SHAREFERRY_PARTY_VMS_B_PORT=15000;SHAREFERRY_PARTY_VMS_B_TLS=off   | shareferry.party.vms.b: {port: 15000, tls: false}
                    shareferry.clock-tolerance: 90000                                  | shareferry.clock-tolerance: 90s
                    shareferry.clock-tolerance: PT1H30M                                | shareferry.clock-tolerance: 90m
                    shareferry.clock-tolerance: pt2m                                   | shareferry.clock-tolerance: 2m
                    shareferry.clockTolerance: 1d                                      | shareferry.clock-tolerance: 24h
                    shareferry.clock_tolerance: -5m                                    | shareferry.clock-tolerance: -300s
                    SHAREFERRY_CLOCKTOLERANCE=7m                                       | shareferry.clock-tolerance: 7m
                    shareferry.party.parties: [P1, P0]                                 | shareferry.party.parties: P0,P1
                    shareferry.party.parties: P0 , P1                                  | shareferry.party.parties: P0,P1
                    SHAREFERRY_PARTY_PARTIES=P0,P1                                     | shareferry.party.parties: P0,P1
                    SHAREFERRY_PARTY_PARTIES_0=P0;SHAREFERRY_PARTY_PARTIES_1=P1        | shareferry.party.parties: P0,P1
                    shareferry.roster: ${WHERE:/srv}/roster.json                       | shareferry.roster: /srv/roster.json
                    WHERE=/opt;SHAREFERRY_ROSTER=${WHERE}/roster.json                  | shareferry.roster: /opt/roster.json
                    shareferry.roster: file:///srv/roster.json                         | shareferry.roster: /srv/roster.json
                    shareferry.identityKey: other.pem                                  | shareferry.identity-key: other.pem
                    SHAREFERRY_IDENTITYKEY=other.pem                                   | shareferry.identity-key: other.pem
                    SHAREFERRY_IDENTITY_KEY=other.pem                                  | shareferry.identity-key: other.pem
                    shareferry: {identity-key: '${shareferry.of}/i.pem', of: secrets}  | shareferry.identity-key: secrets/i.pem""")
    void spellings_of_a_party_s_settings_mean_the_same(String row, String plain) throws Exception {
        var site = read(PARTY, plain);

        assertThat(read(PARTY, row)).isEqualTo(site);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    shareferry.client.mode: PULL                           | shareferry.client.mode: pull
                    shareferry.client.mode: ' pull '                       | shareferry.client.mode: pull
                    shareferry.client.mode: Push                           | shareferry.client.mode: push
                    shareferry.client.keys: file:/data/keys                | shareferry.client.keys: /data/keys
                    shareferry.client.keys: ${shareferry.member}/keys      | shareferry.client.keys: C0/keys
                    shareferry.client.partySets.a-1.parties: P1,P2         | shareferry.client.party-sets.a-1.parties: [P2, P1]
                    shareferry.client.webhook.url: ' https://b.example/ '  | shareferry.client.webhook.url: https://b.example/
                    shareferry.client.webhook.URL: http://localhost:8080/  | shareferry.client.webhook.url: http://localhost:8080/
                    shareferry.client.webhook.secretFile: file:/data/w     | shareferry.client.webhook.secret-file: /data/w""")
    void spellings_of_a_client_s_settings_mean_the_same(String row, String plain) throws Exception {
        var site = read(WEBHOOK, plain);

        assertThat(read(WEBHOOK, row)).isEqualTo(site);
    }

    @Test
    void an_empty_address_means_no_webhook() throws Exception {
        assertThat(read(WEBHOOK, "shareferry.client.webhook.url: ''").webhook()).isEmpty();
    }

    @Test
    void an_unknown_placeholder_is_left_as_it_is() throws Exception {
        assertThat(read(PARTY, "shareferry.roster: ${NOT_SET}/roster.json").roster())
                .isEqualTo(file("${NOT_SET}/roster.json"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    shareferry.member: nobody                      | shareferry.member | is not a member's name such as P0, R0 or C0
                    shareferry.clock-tolerance: 5 lightyears       | shareferry.clock-tolerance | is not a time such as 5m
                    shareferry.body-limit: much                    | shareferry.body-limit | is not a size such as 8MB
                    shareferry.party.vm.tls: maybe                 | shareferry.party.vm.tls | is not true or false
                    shareferry.party.vm.tls: 1                     | shareferry.party.vm.tls | is not true or false
                    shareferry.party.vm.port: x                    | shareferry.party.vm.port | is not a whole number
                    shareferry.party.vm.port: 0                    | shareferry.party.vm.port | must be at least 1
                    shareferry.party.vm.port: 65536                | shareferry.party.vm.port | must be at most 65535
                    shareferry.party.vms.b: {port: x, tls: off}    | shareferry.party.vms.b.port | is not a whole number
                    shareferry.party.vms.b: {port: 0, tls: off}    | shareferry.party.vms.b.port | must be at least 1
                    shareferry.party.vm.parties: P0, C0            | shareferry.party.vm.parties | must be parties such as P0
                    shareferry.party.parties: P0, nobody           | shareferry.party.parties | is not a member's name
                    shareferry.party.parties: [P0, R0]             | shareferry.party.parties | must be parties such as P0
                    shareferry.party.relay: relay                  | shareferry.party.relay | is not a member's name
                    shareferry.party.program: ABAB                 | shareferry.party.program | must be 32 bytes in lower-case hex
                    shareferry.party.protocol: SPDZ2k              | shareferry.party.protocol | is not a supported MP-SPDZ protocol
                    shareferry.party.protocol: ''                  | shareferry.party.protocol | is not a supported MP-SPDZ protocol
                    shareferry.party.vm.protocol: yao              | shareferry.party.vm.protocol | is not a supported MP-SPDZ protocol
                    shareferry.neighbours.answer-limit: none       | shareferry.neighbours.answer-limit | is not a size such as 8MB""")
    void a_wrong_setting_is_refused_with_its_name_place_and_rule(String row, String setting, String rule) {
        assertThat(refusal(PARTY, row))
                .startsWith(setting)
                .contains(" (")
                .contains("application.yml")
                .contains(rule)
                .endsWith("correct it.");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    shareferry.party.vms.b: {port: 15000}          | shareferry.party.vms.b.certificates must be set to the folder with MP-SPDZ's certificates, or tls to false; correct it.
                    shareferry.party.vms.b: {tls: off}             | shareferry.party.vms.b.port is not set: set it to the port that the program passes to connect(), or remove this VM.
                    shareferry.party.vm: {tls: off, host: vm.example}  | must be on this machine's loopback when tls is false
                    shareferry.party.vm.port: 65535                | shareferry.party.vm.port plus the party's number is 65536
                    shareferry.party.vm.party: 0                   | shareferry.party.vm.party is 0
                    shareferry.party.vms.main.port: 15000          | which is the VM of shareferry.party.vm
                    shareferry.users: P0                           | shareferry.users and shareferry.monitors must not share a name
                    shareferry.min-body-rate: 0B                   | shareferry.min-body-rate must be at least 1B.
                    shareferry.bodies-in-flight: 1MB               | shareferry.bodies-in-flight must be at least shareferry.body-limit.""")
    void contradicting_settings_of_a_party_are_refused_by_name(String row, String sentence) {
        assertThat(refusal(PARTY, row)).contains(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    shareferry.client.mode: send                       | is not push or pull; correct it.
                    shareferry.client.parties: ''                      | shareferry.client.parties is not set; add it.
                    shareferry.client.parties: P0                      | at least two parties are required
                    shareferry.client.min-threshold: 256               | must be at most 255; correct it.
                    shareferry.client.value-retention: -1s             | must be at least 0s; correct it.
                    shareferry.client.revoked-keys: '00'               | must be ids of keys; correct it.
                    shareferry.client.party-sets.a.min-threshold: 1    | shareferry.client.party-sets.a.parties is not set; add it.
                    shareferry.client.party-sets.a.parties: P0,P1      | are already a set of this client
                    shareferry.client.actively-secure-protocols: semi  | shareferry.client.actively-secure-protocols has [semi]
                    shareferry.client.webhook.url: http://app.example  | shareferry.client.webhook.url does not begin with https://
                    shareferry.client.webhook.url: https://app.example | needs shareferry.client.webhook.secret-file
                    shareferry.client.webhook.timeout: 10m             | must be at most 300s; correct it.
                    shareferry.client.webhook.timeout: 99ms            | must be at least 100ms; correct it.""")
    void wrong_settings_of_a_client_are_refused(String row, String sentence) {
        assertThat(refusal(CLIENT, row)).startsWith("shareferry.client.").contains(sentence);
    }

    @Test
    void wrong_settings_of_a_relay_are_refused() {
        assertThat(refusal(RELAY, "shareferry.relay: {min-backoff: 2m, max-backoff: 1m}"))
                .isEqualTo("shareferry.relay.max-backoff must be at least shareferry.relay.min-backoff.");
        assertThat(refusal(RELAY, "shareferry.relay.batch-items: 0"))
                .startsWith("shareferry.relay.batch-items (")
                .endsWith(" must be at least 1; correct it.");
    }

    @Test
    void all_missing_settings_are_named_at_once() {
        assertThat(refusal("shareferry.member: P0\n", ""))
                .isEqualTo("shareferry.identity-key is not set; add it. shareferry.roster is not set; add it.");
    }

    @Test
    void the_protocol_has_no_default() {
        assertThat(refusal(SERVICE + "shareferry.member: P0\n", ""))
                .startsWith("shareferry.party.protocol is not set; add it. It must name the protocol");
    }

    @Test
    void a_refusal_lists_the_known_protocols_and_never_has_the_value() {
        assertThat(refusal(PARTY, "shareferry.party.protocol: secret"))
                .contains(Protocol.names())
                .doesNotContain("secret");
    }

    @Test
    void a_service_refuses_the_name_of_a_member_with_another_role() {
        assertThatThrownBy(() -> read(PARTY, "shareferry.role: relay"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("shareferry.member is P1, but this service is for a relay: give it the name of a relay.");
    }
}
