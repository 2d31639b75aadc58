// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.health;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.doctor.Database;
import org.shareferry.doctor.Site;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/// What the doctor looks at, by the settings of the service itself.
final class SiteSettings {
    private static final String BUNDLE = "spring.ssl.bundle.pem.member.";
    private static final Path HERE = Path.of("");

    private final Environment environment;
    private final Binder binder;

    private SiteSettings(Environment environment) {
        this.environment = environment;
        this.binder = Binder.get(environment);
    }

    /// @return nothing when something necessary is not set or has not its form, which others tell better, or
    ///     when keys do not lie in files that can be read by themselves
    static Optional<Site> read(Environment environment) {
        try {
            return new SiteSettings(environment).site();
        } catch (RuntimeException e) {
            return Optional.empty();
        }
    }

    private Optional<Site> site() {
        var member = text("shareferry.member").map(MemberName::parse);
        var certificate = file("keystore.certificate");
        var key = file("keystore.private-key");
        var trust = file("truststore.certificate");
        var roster = text("shareferry.roster");
        var identity = text("shareferry.identity-key");
        if (member.isEmpty()
                || certificate.isEmpty()
                || key.isEmpty()
                || trust.isEmpty()
                || roster.isEmpty()
                || identity.isEmpty()
                || text(BUNDLE + "keystore.private-key-password").isPresent()) {
            return Optional.empty();
        }
        return Optional.of(new Site(
                member.get(),
                new Site.TlsFiles(certificate.get(), key.get(), trust.get()),
                Path.of(roster.get()),
                Path.of(identity.get()),
                parties(member.get().role()),
                text("shareferry.party.relay").map(MemberName::parse).orElse(new MemberName(Role.RELAY, 0)),
                !text("shareferry.client.mode").orElse("push").equalsIgnoreCase("pull"),
                binder.bind("shareferry.clock-tolerance", Duration.class).orElse(Duration.ofMinutes(5)),
                Database.of(text("spring.datasource.url").orElse(""), HERE),
                member.get().role() == Role.CLIENT
                        ? text("shareferry.client.keys").map(Path::of)
                        : Optional.empty(),
                member.get().role() == Role.PARTY ? vm(member.get()) : Optional.empty()));
    }

    private Optional<String> text(String name) {
        return Optional.ofNullable(environment.getProperty(name)).filter(text -> !text.isBlank());
    }

    /// @return the path, unless it is PEM itself or a resource of another kind
    private Optional<Path> file(String name) {
        return text(BUNDLE + name)
                .filter(text -> !text.contains("-----BEGIN"))
                .map(text -> text.replaceFirst("^file:(//)?", ""))
                .filter(text -> !text.matches("[a-z]+:.*"))
                .map(Path::of);
    }

    private List<MemberName> parties(Role role) {
        return binder
                .bind("shareferry." + role.text() + ".parties", Bindable.listOf(String.class))
                .orElse(List.of())
                .stream()
                .map(MemberName::parse)
                .toList();
    }

    private Optional<Site.Vm> vm(MemberName member) {
        var port = text("shareferry.party.vm.port").map(Integer::valueOf);
        if (port.isEmpty()) {
            return Optional.empty();
        }
        int party = text("shareferry.party.vm.party").map(Integer::valueOf).orElse(member.number());
        boolean isOnePort =
                binder.bind("shareferry.party.vm.one-port", Boolean.class).orElse(false);
        boolean hasTls = binder.bind("shareferry.party.vm.tls", Boolean.class).orElse(true);
        return Optional.of(new Site.Vm(
                text("shareferry.party.vm.host").orElse("127.0.0.1"),
                isOnePort ? port.get() : port.get() + party,
                hasTls ? text("shareferry.party.vm.certificates").map(Path::of) : Optional.empty(),
                text("shareferry.party.vm.client").map(Integer::valueOf).orElse(party),
                party));
    }
}
