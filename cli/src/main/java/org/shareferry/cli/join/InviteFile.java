// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.crypto.Bytes;
import org.shareferry.file.BoundedFile;
import org.shareferry.json.JsonFault;
import org.shareferry.json.StrictJson;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// An [Invite] as a file. This class checks its form, [InviteChecks] its content.
///
/// `{"version":1,"member":{…as in the roster…},"certificates":["-----BEGIN CERTIFICATE-----…"],
/// "openingKeys":{"announcement":"…","signature":"…"},"created":"2026-01-31T12:00:00Z","signature":"…"}`
final class InviteFile {
    /// The largest file that is read, in bytes: 16 opening keys make half of it.
    static final int LARGEST = 64 << 10;

    private static final int VERSION = 1;
    private static final String SUFFIX = ".invite";

    private InviteFile() {}

    /// @return such as `P1.invite`
    static String name(MemberName member) {
        return member + SUFFIX;
    }

    /// @return indented JSON with a line break at the end
    static String toJson(Invite invite) {
        var root = StrictJson.MAPPER.createObjectNode().put("version", VERSION);
        var roster =
                StrictJson.MAPPER.readTree(Roster.of(List.of(invite.member())).toJson());
        root.set("member", roster.path("members").path(0));
        var certificates = root.putArray("certificates");
        invite.certificates().forEach(certificate -> certificates.add(CertificateFiles.pem(certificate)));
        invite.openingKeys()
                .ifPresent(keys -> root.putObject("openingKeys")
                        .put("announcement", keys.announcement().toBase64Url())
                        .put("signature", keys.signature().toBase64Url()));
        root.put("created", invite.created().toString());
        root.put("signature", invite.signature().toBase64Url());
        return StrictJson.MAPPER.writeValueAsString(root) + "\n";
    }

    /// @throws CommandException when the file cannot be read or has not this form
    static Invite read(Path file) throws CommandException {
        try {
            return parse(BoundedFile.readText(file, LARGEST));
        } catch (NoSuchFileException e) {
            throw new CommandException(file + " does not exist; check the path.", e);
        } catch (BoundedFile.TooLargeException e) {
            throw new CommandException(
                    file + " is larger than any invite (" + (LARGEST >> 10) + " KiB); ask for it again.", e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read as text; check that it is the right file.", e);
        } catch (JacksonException e) {
            throw new CommandException(file + " is not an invite: it " + JsonFault.of(e) + "; ask for it again.", e);
        } catch (MalformedException e) {
            throw new CommandException(file + " is not an invite. " + e.reason(), e);
        }
    }

    /// @param file what `GET /v1/keys` of a client-service answered
    static SignedKeyAnnouncement readKeys(Path file) throws CommandException {
        try {
            return keys(StrictJson.MAPPER.readTree(BoundedFile.readText(file, LARGEST)));
        } catch (IOException | JacksonException | MalformedException e) {
            throw new CommandException(
                    file + " contains no opening keys; use a file with the response of GET /v1/keys at the client.", e);
        }
    }

    private static Invite parse(String text) throws MalformedException {
        var root = StrictJson.MAPPER.readTree(text);
        check("It", root, List.of("version", "member", "certificates", "created", "signature"), List.of("openingKeys"));
        if (!root.path("version").isInt() || root.path("version").asInt() != VERSION) {
            throw new MalformedException("Its version is not " + VERSION + ".");
        }
        var openingKeys = root.has("openingKeys")
                ? Optional.of(keys(root.path("openingKeys")))
                : Optional.<SignedKeyAnnouncement>empty();
        return new Invite(
                member(root.path("member")),
                certificates(root.path("certificates")),
                openingKeys,
                created(root.path("created")),
                bytes("signature", root));
    }

    private static Instant created(JsonNode node) throws MalformedException {
        try {
            return Instant.parse(node.asString(""));
        } catch (DateTimeParseException e) {
            throw new MalformedException("Its created is not a time such as 2026-01-31T12:00:00Z.");
        }
    }

    private static Member member(JsonNode node) throws MalformedException {
        var roster = StrictJson.MAPPER.createObjectNode().put("version", 1);
        roster.putArray("members").add(node);
        var member = Roster.parse(StrictJson.MAPPER.writeValueAsString(roster))
                .members()
                .getFirst();
        if (member.identityKeys().size() != 1) {
            throw new MalformedException(member.name() + " has several identity keys; an invite has one. To change a"
                    + " key use `shareferry roster add --keep-keys`.");
        }
        return member;
    }

    private static List<X509Certificate> certificates(JsonNode nodes) throws MalformedException {
        if (!nodes.isArray() || nodes.isEmpty() || nodes.size() > Invite.MOST_CERTIFICATES) {
            throw new MalformedException("Its certificates are not one or two.");
        }
        var certificates = new ArrayList<X509Certificate>();
        for (var node : nodes) {
            var pem = Bytes.of(node.asString("").getBytes(StandardCharsets.UTF_8));
            if (!(CertificateFile.parse(pem) instanceof Certificates read)
                    || read.certificates().size() != 1) {
                throw new MalformedException("It has a certificate that is not exactly one in PEM that can be used.");
            }
            certificates.add(read.first());
        }
        return certificates;
    }

    private static SignedKeyAnnouncement keys(JsonNode node) throws MalformedException {
        check("The opening keys", node, List.of("announcement", "signature"), List.of());
        return new SignedKeyAnnouncement(bytes("announcement", node), bytes("signature", node));
    }

    private static Bytes bytes(String name, JsonNode node) throws MalformedException {
        try {
            return Bytes.fromBase64Url(node.path(name).asString(""));
        } catch (IllegalArgumentException e) {
            throw new MalformedException("Its " + name + " is not base64url.");
        }
    }

    private static void check(String what, JsonNode node, List<String> required, List<String> optional)
            throws MalformedException {
        if (!node.isObject() || !required.stream().allMatch(node::has)) {
            throw new MalformedException(what + " does not have the properties " + String.join(", ", required) + ".");
        }
        for (var name : node.propertyNames()) {
            if (!required.contains(name) && !optional.contains(name)) {
                throw new MalformedException(what + " has the unknown property \"" + JsonFault.printable(name) + "\".");
            }
        }
    }
}
