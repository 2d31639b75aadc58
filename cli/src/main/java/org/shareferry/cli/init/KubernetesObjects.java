// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.init;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.AuthorityCommand;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.certificate.TrustCommand;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.member.MemberName;

/// What the pods of k8s/overlays/demo mount, for `kubectl apply`: for each member, in its namespace, the
/// Secrets shareferry-tls and shareferry-identity, and the ConfigMaps shareferry-roster and shareferry-trust;
/// besides shareferry-monitor for Prometheus. In k8s/overlays/demo-operators cert-manager makes the
/// certificates, with the authority that is in shareferry-authority then.
final class KubernetesObjects {
    /// In the deployment's folder; it contains private keys.
    static final String FILE = "kubernetes.yaml";

    // What Secrets of the type kubernetes.io/tls have.
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";

    private KubernetesObjects() {}

    static String namespace(MemberName member) {
        return "shareferry-" + member.toString().toLowerCase(Locale.ROOT);
    }

    /// @param plan of a deployment whose members' folders are written
    /// @param authority the folder of the authority with which cert-manager issues
    static void write(Plan plan, Optional<Path> authority) throws CommandException {
        var text =
                new StringBuilder("# Private keys of all members of a demo. Made by shareferry init --kubernetes.\n");
        for (var member : plan.members()) {
            var folder = plan.folder().resolve(member.toString());
            var namespace = namespace(member);
            if (authority.isPresent()) {
                appendTls(
                        text,
                        "shareferry-authority",
                        namespace,
                        authority.get().resolve(AuthorityCommand.CERTIFICATE),
                        authority.get().resolve(AuthorityCommand.KEY));
            } else {
                var monitor = plan.folder().resolve("monitors").resolve(member.toString());
                appendTls(text, "shareferry-tls", namespace, folder.resolve(CERTIFICATE), folder.resolve(KEY));
                appendTls(
                        text,
                        "shareferry-monitor",
                        namespace,
                        monitor.resolve(MemberCertificates.MONITOR),
                        monitor.resolve(MemberCertificates.MONITOR_KEY));
            }
            append(text, "Secret", "shareferry-identity", namespace, "type: Opaque", read(folder, "identity.pem"));
            append(text, "ConfigMap", "shareferry-roster", namespace, "", read(folder, "roster.json"));
            append(
                    text,
                    "ConfigMap",
                    "shareferry-trust",
                    namespace,
                    "",
                    read(folder, authority.isPresent() ? TrustCommand.AUTHORITIES : "trust.pem"));
        }
        NewFiles.writeSecret(plan.folder().resolve(FILE), text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> read(Path folder, String name) throws CommandException {
        return Map.of(name, NewFiles.read(folder.resolve(name)));
    }

    private static void appendTls(StringBuilder text, String name, String namespace, Path certificate, Path key)
            throws CommandException {
        var contents = new TreeMap<String, String>();
        contents.put(CERTIFICATE, NewFiles.read(certificate));
        contents.put(KEY, NewFiles.read(key));
        append(text, "Secret", name, namespace, "type: kubernetes.io/tls", contents);
    }

    /// A Secret's contents are base64, a ConfigMap's blocks of text.
    private static void append(
            StringBuilder text, String kind, String name, String namespace, String type, Map<String, String> contents) {
        text.append("---\napiVersion: v1\nkind: ").append(kind);
        text.append("\nmetadata:\n  name: ").append(name);
        text.append("\n  namespace: ").append(namespace).append('\n');
        if (!type.isEmpty()) {
            text.append(type).append('\n');
        }
        text.append("data:\n");
        contents.forEach((file, content) -> text.append("  ")
                .append(file)
                .append(": ")
                .append(
                        kind.equals("Secret")
                                ? base64(content)
                                : "|\n" + content.strip().indent(4).stripTrailing())
                .append('\n'));
    }

    private static String base64(String content) {
        return Base64.getEncoder().encodeToString(content.getBytes(StandardCharsets.UTF_8));
    }
}
