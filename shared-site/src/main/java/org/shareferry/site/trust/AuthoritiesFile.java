// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.json.JsonFault;
import org.shareferry.json.StrictJson;
import org.shareferry.member.MemberName;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The content of authorities.json: certificates of authorities, each with the members that it may issue
/// certificates for. `{"version":1,"authorities":[{"members":["P0"],"certificate":"-----BEGIN
/// CERTIFICATE-----…"}]}`
public final class AuthoritiesFile {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
    private static final int VERSION = 1;

    private AuthoritiesFile() {}

    /// @param json what [#toJson] writes
    /// @throws MalformedException with the fault and the number of the authority
    public static List<Authority> parse(String json) throws MalformedException {
        var authorities = new ArrayList<Authority>();
        for (var node : nodes(json)) {
            authorities.add(authority("Authority " + authorities.size() + " of the file", node));
        }
        return authorities;
    }

    /// @param json as for [#parse]
    /// @return the usable authorities of a file; none if the file is malformed
    static List<Authority> usable(String json) {
        var authorities = new ArrayList<Authority>();
        try {
            for (var node : nodes(json)) {
                one(node).ifPresent(authorities::add);
            }
        } catch (MalformedException e) {
            return List.of();
        }
        return authorities;
    }

    private static Optional<Authority> one(JsonNode node) {
        try {
            return Optional.of(authority("", node));
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private static JsonNode nodes(String json) throws MalformedException {
        JsonNode root;
        try {
            root = StrictJson.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new MalformedException("The file " + JsonFault.of(e) + ".");
        }
        checkNames("The file", root, List.of("version", "authorities"));
        if (!root.get("version").isInt() || root.get("version").asInt() != VERSION) {
            throw new MalformedException("The file's version is not " + VERSION + ".");
        }
        if (!root.get("authorities").isArray()) {
            throw new MalformedException("The file's authorities are not an array.");
        }
        return root.get("authorities");
    }

    private static Authority authority(String where, JsonNode node) throws MalformedException {
        checkNames(where, node, List.of("members", "certificate"));
        var pem = Bytes.of(node.get("certificate").asString("").getBytes(StandardCharsets.UTF_8));
        if (!(CertificateFile.parse(pem) instanceof Certificates read)
                || read.certificates().size() != 1) {
            throw new MalformedException(where + " does not have exactly one usable certificate in PEM.");
        }
        try {
            return new Authority(read.first(), members(where, node.get("members")));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(where + ": " + e.getMessage());
        }
    }

    private static Set<MemberName> members(String where, JsonNode node) throws MalformedException {
        if (!node.isArray()) {
            throw new MalformedException(where + " has members that are not an array.");
        }
        var members = new TreeSet<MemberName>();
        for (var name : node) {
            try {
                members.add(MemberName.parse(name.asString("")));
            } catch (IllegalArgumentException e) {
                throw new MalformedException(where + " has a member that is not P, R or C and a number. Do not list"
                        + " users and monitors: this member's own authority may issue their certificates.");
            }
        }
        return members;
    }

    private static void checkNames(String where, JsonNode node, List<String> names) throws MalformedException {
        if (!node.isObject() || !names.stream().allMatch(node::has) || !names.containsAll(node.propertyNames())) {
            throw new MalformedException(
                    where + " is not a JSON object with exactly these properties: " + String.join(", ", names) + ".");
        }
    }

    /// @return indented JSON with a line break at the end
    public static String toJson(List<Authority> authorities) {
        var root = StrictJson.MAPPER.createObjectNode().put("version", VERSION);
        var list = root.putArray("authorities");
        for (var authority : authorities) {
            var node = list.addObject();
            var members = node.putArray("members");
            new TreeSet<>(authority.members()).forEach(member -> members.add(member.toString()));
            node.put("certificate", pem(authority.certificate()));
        }
        return StrictJson.MAPPER.writeValueAsString(root) + "\n";
    }

    private static String pem(X509Certificate certificate) {
        try {
            return "-----BEGIN CERTIFICATE-----\n"
                    + new String(BASE64.encode(certificate.getEncoded()), StandardCharsets.US_ASCII)
                    + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw new IllegalStateException("A parsed certificate does not encode.", e);
        }
    }
}
