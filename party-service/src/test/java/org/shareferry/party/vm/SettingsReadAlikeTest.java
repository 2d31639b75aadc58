// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.doctor.MemberSite;
import org.shareferry.doctor.settings.ServiceEnvironment;
import org.shareferry.doctor.settings.SettingsException;
import org.shareferry.doctor.settings.SiteSettings;
import org.shareferry.member.MemberName;
import org.shareferry.party.PartyProperties;
import org.shareferry.service.member.ServiceProperties;
import org.shareferry.service.member.StartupException;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Spellings of settings, each read by the party-service's own records of properties and by the doctor. Without a
/// row of its own a setting has its default, so defaults are compared as well.
class SettingsReadAlikeTest {
    private static final String NEEDED = """
            shareferry.member: P1
            shareferry.roster: roster.json
            shareferry.identity-key: identity.pem
            shareferry.party.protocol: mascot
            shareferry.party.vm.port: 14000
            shareferry.party.vm.certificates: Player-Data
            ---
            """;

    @TempDir
    Path folder;

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(PartyProperties.class)
    static class Records {}

    /// What both read.
    private record Reading(
            MemberName member,
            Path roster,
            Path identityKey,
            long clockTolerance,
            List<MemberName> parties,
            MemberName relay,
            List<Place> vms,
            List<String> protocols) {}

    private record Place(String setting, String host, int port, Optional<Path> certificates, int party) {}

    private Reading doctors(Map<String, String> variables) throws SettingsException {
        var site = SiteSettings.read(ServiceEnvironment.of(folder, Optional.empty(), variables), folder);
        return new Reading(
                site.member(),
                site.roster(),
                site.identityKey(),
                site.clockTolerance().toNanos(),
                site.parties(),
                site.relay(),
                site.vms().stream().map(SettingsReadAlikeTest::place).toList(),
                site.protocols());
    }

    private static Place place(MemberSite.Vm vm) {
        return new Place(vm.setting(), vm.host(), vm.port(), vm.certificates(), vm.party());
    }

    private void withService(Map<String, String> variables, Consumer<AssertableApplicationContext> test)
            throws ClassNotFoundException {
        new ApplicationContextRunner()
                .withPropertyValues("spring.config.location=classpath:/application.yml;file:" + folder + "/")
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(
                                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                new SystemEnvironmentPropertySource(
                                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                        Map.copyOf(variables))))
                .withInitializer(new ConfigDataApplicationContextInitializer())
                .withInitializer(context ->
                        context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
                .withUserConfiguration(
                        Records.class,
                        VmConfiguration.class,
                        Class.forName("org.shareferry.service.member.MemberConfiguration"))
                .run(test::accept);
    }

    private Reading services(AssertableApplicationContext context) {
        var service = context.getBean(ServiceProperties.class);
        var party = context.getBean(PartyProperties.class);
        var vms = vms(context);
        var protocols = new ArrayList<String>(List.of(party.protocol()));
        vms.stream().flatMap(vm -> vm.properties().ownProtocol().stream()).forEach(protocols::add);
        return new Reading(
                service.memberName(),
                folder.resolve(service.roster()),
                folder.resolve(service.identityKey()),
                service.clockTolerance().toNanos(),
                party.partyNames(),
                party.relayName(),
                vms.stream()
                        .map(vm -> new Place(
                                vm.setting("x").replace(".x", ""),
                                vm.properties().host(),
                                vm.tcpPort(),
                                vm.properties().certificatesForTls().map(folder::resolve),
                                vm.own().number()))
                        .toList(),
                protocols);
    }

    private static List<Vm> vms(AssertableApplicationContext context) {
        return VmList.of(
                        MemberName.party(1),
                        context.getBean(PartyProperties.class),
                        context.getBean(VmProperties.class),
                        context.getBean(VmsProperties.class))
                .vms();
    }

    /// @param row YAML, or environment variables as `NAME=value;NAME=value`
    private Map<String, String> write(String row) throws Exception {
        boolean isEnvironment = row.matches("[A-Z0-9_]+=.*");
        Files.writeString(folder.resolve("application.yml"), NEEDED + (isEnvironment ? "" : row));
        return isEnvironment
                ? Arrays.stream(row.split(";"))
                        .collect(Collectors.toMap(pair -> pair.split("=")[0], pair -> pair.split("=")[1]))
                : Map.of();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shareferry.party.vm.tls: on",
                "shareferry.party.vm.tls: yes",
                "shareferry.party.vm.tls: 'YES'",
                "shareferry.party.vm.tls: off",
                "shareferry.party.vm.tls: 'no'",
                "shareferry.party.vm.tls: '0'",
                "SHAREFERRY_PARTY_VM_TLS=1",
                "shareferry.party.vm.tls: ' false '",
                "SHAREFERRY_PARTY_VM_TLS=on",
                "SHAREFERRY_PARTY_VM_TLS=off",
                "SHAREFERRY_PARTY_VM_ONEPORT=yes",
                "SHAREFERRY_PARTY_VM_ONE_PORT=yes",
                "SHAREFERRY_PARTY_VM_CERTIFICATES=elsewhere",
                "SHAREFERRY_PARTY_VM_HOST=127.0.0.2;SHAREFERRY_PARTY_VM_PORT=15000",
                "shareferry.party.vm: {onePort: on}",
                "shareferry.party.vm: {one_port: 'true', port: '0x10'}",
                "shareferry.party.vm.certificates: file:/etc/Player-Data",
                "shareferry.party.vm.certificates: file:Player-Data",
                "shareferry: {party: {vm: {host: localhost, party: 1}}}",
                "shareferry.party.vm.protocol: spdz2k",
                "shareferry.party.vms: {second: {port: 15000, certificates: other}}",
                "shareferry.party.vms: {second: {port: 15000, tls: off, protocol: semi2k}, b-2: {port: 16000, one-port: on, certificates: x}}",
                "shareferry.party.vms.second: {port: 15000, onePort: on, certificates: 'file:other', client: 3}",
                "SHAREFERRY_PARTY_VMS_SECOND_PORT=15000;SHAREFERRY_PARTY_VMS_SECOND_TLS=off",
                "shareferry.clock-tolerance: 90s",
                "shareferry.clock-tolerance: 90000",
                "shareferry.clock-tolerance: PT1H30M",
                "shareferry.clock-tolerance: pt2m",
                "shareferry.clockTolerance: 1d",
                "shareferry.clock_tolerance: -5m",
                "SHAREFERRY_CLOCKTOLERANCE=7m",
                "shareferry.party.parties: P0, P1",
                "shareferry.party.parties: [P1, P0]",
                "shareferry.party: {parties: ['P0', 'P1', 'P2']}",
                "SHAREFERRY_PARTY_PARTIES=P0,P1",
                "SHAREFERRY_PARTY_PARTIES_0=P0;SHAREFERRY_PARTY_PARTIES_1=P1",
                "shareferry.party.relay: R3",
                "shareferry.roster: ${WHERE:/srv}/roster.json",
                "WHERE=/opt;SHAREFERRY_ROSTER=${WHERE}/roster.json",
                "shareferry.roster: file:///srv/roster.json",
                "shareferry.roster: ${NOT_SET}/roster.json",
                "shareferry.identity-key: ${shareferry.keys}/identity.pem\nshareferry.keys: secrets",
                "shareferry.identityKey: other.pem",
                "SHAREFERRY_IDENTITYKEY=other.pem",
                "SHAREFERRY_IDENTITY_KEY=other.pem"
            })
    void the_doctor_reads_a_spelling_as_the_service_does(String row) throws Exception {
        var variables = write(row);

        var doctors = doctors(variables);

        withService(variables, context -> {
            assertThat(context).hasNotFailed();
            assertThat(services(context)).isEqualTo(doctors);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "shareferry.party.vm.tls: maybe",
                "shareferry.party.vm.tls: 1",
                "shareferry.party.vm.port: x",
                "shareferry.party.vm.port: 0",
                "shareferry.party.vms.second: {port: 15000}",
                "shareferry.party.vms.second: {port: x, tls: off}",
                "shareferry.party.vms.second: {tls: off}",
                "shareferry.clock-tolerance: 5 lightyears",
                "shareferry.member: nobody",
                "shareferry.party.relay: relay"
            })
    void what_the_service_refuses_the_doctor_refuses(String row) throws Exception {
        var variables = write(row);

        assertThatThrownBy(() -> doctors(variables)).isInstanceOf(SettingsException.class);

        withService(
                variables,
                context -> assertThatThrownBy(() -> {
                    context.getBean(ServiceProperties.class);
                    vms(context);
                }));
    }

    @Test
    void the_party_s_number_must_not_lead_beyond_the_last_port() throws Exception {
        var variables = write("shareferry.party.vm.port: 65535");

        assertThatThrownBy(() -> doctors(variables)).isInstanceOf(SettingsException.class);

        withService(variables, context -> {
            assertThatThrownBy(() -> vms(context))
                    .isInstanceOf(StartupException.class)
                    .hasMessageContaining("65536");
        });
    }
}
