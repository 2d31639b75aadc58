// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.json.JsonFault;
import org.shareferry.json.StrictJson;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The list of members, the same file at every member. It is not secret, but anyone who can change it at a member
/// decides whom that member trusts.
public final class Roster {
    /// The maximum size of a roster file, in bytes.
    public static final int LARGEST_FILE = 4 << 20;

    private static final int VERSION = 1;
    private final Map<MemberName, Member> members;

    private Roster(Map<MemberName, Member> members) {
        this.members = members;
    }

    /// @param members in any order; at most one with each name
    /// @throws IllegalArgumentException when a name occurs twice, or two members have the same identity key
    public static Roster of(List<Member> members) {
        var byName = new TreeMap<MemberName, Member>();
        var keys = new TreeMap<String, MemberName>();
        for (var member : members) {
            if (byName.put(member.name(), member) != null) {
                throw new IllegalArgumentException(member.name() + " is in the roster twice.");
            }
            for (var key : member.identityKeys()) {
                var other = keys.put(key.id().toString(), member.name());
                if (other != null) {
                    throw new IllegalArgumentException(
                            other + " and " + member.name() + " have the same identity key in the roster.");
                }
            }
        }
        return new Roster(byName);
    }

    /// @return all members: parties, the relay, clients; by number within a role
    public List<Member> members() {
        return List.copyOf(members.values());
    }

    /// @return the member of this name, if the roster has one
    public Optional<Member> find(MemberName name) {
        return Optional.ofNullable(members.get(name));
    }

    /// @return the members of this role, by number
    public List<Member> ofRole(Role role) {
        return members.values().stream().filter(m -> m.name().role() == role).toList();
    }

    /// @return a roster with this member added, or replacing the one with its name
    public Roster with(Member member) {
        var changed = new ArrayList<>(members.values());
        changed.removeIf(m -> m.name().equals(member.name()));
        changed.add(member);
        return of(changed);
    }

    /// @param json from [#toJson]
    /// @throws MalformedException with the fault and the member
    public static Roster parse(String json) throws MalformedException {
        JsonNode root;
        try {
            root = StrictJson.MAPPER.readTree(json);
        } catch (JacksonException e) {
            throw new MalformedException("The roster " + JsonFault.of(e) + ".");
        }
        checkNames("The roster", root, List.of("version", "members"), List.of());
        if (!root.get("version").isInt() || root.get("version").asInt() != VERSION) {
            throw new MalformedException("The roster's version is not " + VERSION + ".");
        }
        if (!root.get("members").isArray()) {
            throw new MalformedException("The roster's members are not an array.");
        }
        var members = new ArrayList<Member>();
        for (var node : root.get("members")) {
            members.add(member("Member " + members.size() + " of the roster", node));
        }
        try {
            return of(members);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("The roster has a member or an identity key twice.");
        }
    }

    private static Member member(String where, JsonNode node) throws MalformedException {
        checkNames(where, node, List.of("name", "role", "identityKeys"), List.of("address"));
        MemberName name;
        try {
            name = MemberName.parse(node.get("name").asString(""));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(where + " has a name that is not P, R or C and a number.");
        }
        if (!name.role().text().equals(node.get("role").asString(""))) {
            throw new MalformedException(
                    name + " has the role " + name.role().text() + ", but the roster has a different one.");
        }
        var keys = identityKeys(name, node.get("identityKeys"));
        return new Member(name, address(name, node), keys);
    }

    private static Optional<URI> address(MemberName name, JsonNode node) throws MalformedException {
        if (!node.has("address")) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServiceAddress.parse(node.get("address").asString("")));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(name + " has an address that is not https://host:port. " + e.getMessage());
        }
    }

    private static List<IdentityPublicKey> identityKeys(MemberName name, JsonNode node) throws MalformedException {
        if (!node.isArray()) {
            throw new MalformedException(name + " has identity keys that are not an array.");
        }
        if (node.isEmpty()) {
            throw new MalformedException(name + " has no identity key; it needs at least one.");
        }
        var keys = new ArrayList<IdentityPublicKey>();
        for (var key : node) {
            try {
                keys.add(IdentityPublicKey.of(Bytes.fromBase64Url(key.asString(""))));
            } catch (IllegalArgumentException | CryptoException e) {
                throw new MalformedException(
                        name + " has an identity key that is not 32 bytes of Ed25519 in base64url.");
            }
        }
        return keys;
    }

    private static void checkNames(String where, JsonNode node, List<String> required, List<String> optional)
            throws MalformedException {
        if (!node.isObject()) {
            throw new MalformedException(where + " is not a JSON object.");
        }
        for (var name : required) {
            if (!node.has(name)) {
                throw new MalformedException(where + " lacks \"" + name + "\".");
            }
        }
        for (var name : node.propertyNames()) {
            if (!required.contains(name) && !optional.contains(name)) {
                throw new MalformedException(
                        where + " has the unknown property \"" + JsonFault.printable(name) + "\".");
            }
        }
    }

    /// @return indented JSON with a line break at the end
    public String toJson() {
        var root = StrictJson.MAPPER.createObjectNode().put("version", VERSION);
        var list = root.putArray("members");
        for (var member : members.values()) {
            var node = list.addObject();
            node.put("name", member.name().toString());
            node.put("role", member.name().role().text());
            member.address().ifPresent(address -> node.put("address", address.toString()));
            var keys = node.putArray("identityKeys");
            member.identityKeys().forEach(key -> keys.add(key.raw().toBase64Url()));
        }
        return StrictJson.MAPPER.writeValueAsString(root) + "\n";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Roster that && members.equals(that.members);
    }

    @Override
    public int hashCode() {
        return members.hashCode();
    }

    @Override
    public String toString() {
        return "roster of " + members.keySet();
    }
}
