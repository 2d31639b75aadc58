// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.Table;
import org.shareferry.json.PlainText;
import org.shareferry.site.trust.AuthoritiesFile;
import org.shareferry.site.trust.Authority;
import org.shareferry.site.trust.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `shareferry trust list`.
@Command(
        name = "list",
        description = "Show whom a member trusts: the certificates that its trust.pem pins, and the authorities of the"
                + " authorities.json next to it.",
        footer = {"", "Example:", "  shareferry trust list trust.pem"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class TrustListCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FormOption form;

    @Parameters(arity = "0..1", defaultValue = "trust.pem", paramLabel = "FILE", description = "${DEFAULT-VALUE}")
    private Path file;

    @Override
    public Integer call() throws CommandException, MalformedException {
        var beside = file.resolveSibling(TrustCommand.AUTHORITIES);
        boolean hasAuthorities = Files.exists(beside);
        List<X509Certificate> pins = Files.exists(file) || !hasAuthorities ? CertificateFiles.read(file) : List.of();
        var authorities = hasAuthorities ? authorities(beside) : List.<Authority>of();
        var out = spec.commandLine().getOut();
        if (form.isJson()) {
            out.println(json(pins, authorities));
            return 0;
        }
        var table = new Table(List.of("name", "may", "valid until", "SHA-256"));
        pins.forEach(pin -> table.add(row(pin, "connect")));
        authorities.forEach(one -> table.add(row(one.certificate(), "issue for " + one.memberNames())));
        table.print(out, Paint.of(spec.commandLine()));
        return 0;
    }

    private static List<Authority> authorities(Path file) throws CommandException, MalformedException {
        try {
            return AuthoritiesFile.parse(NewFiles.read(file));
        } catch (MalformedException e) {
            throw new MalformedException(file + ": " + e.reason());
        }
    }

    private static List<String> row(X509Certificate certificate, String may) {
        return List.of(
                name(certificate), may, certificate.getNotAfter().toInstant().toString(), Fingerprint.of(certificate));
    }

    private static String name(X509Certificate certificate) {
        return Subject.commonName(certificate).map(PlainText::of).orElseGet(() -> Subject.text(certificate));
    }

    private static String json(List<X509Certificate> pins, List<Authority> authorities) {
        var root = JsonText.object();
        var pinned = root.putArray("pins");
        pins.forEach(pin -> describe(pin, pinned.addObject()));
        var named = root.putArray("authorities");
        for (var authority : authorities) {
            var members = describe(authority.certificate(), named.addObject()).putArray("members");
            authority.members().stream().sorted().forEach(member -> members.add(member.toString()));
        }
        return JsonText.of(root);
    }

    private static ObjectNode describe(X509Certificate certificate, ObjectNode node) {
        return node.put("name", name(certificate))
                .put("validUntil", certificate.getNotAfter().toInstant().toString())
                .put("sha256", Fingerprint.of(certificate));
    }
}
