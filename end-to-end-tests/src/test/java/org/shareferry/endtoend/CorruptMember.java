// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.seal.HandOverSealing;
import tools.jackson.databind.json.JsonMapper;

/// The keys of a party in corrupt hands: seals and submits what it likes under the party's name.
final class CorruptMember {
    private final Site site;
    private final MemberName name;
    private final IdentityKey identity;
    private final SealingKey recipient;
    private Optional<HandOverSealing> handOver = Optional.empty();

    CorruptMember(Site site, MemberName name) throws Exception {
        this.site = site;
        this.name = name;
        identity = KeyFiles.readIdentityKey(site.home(name.toString()).resolve("identity.pem"));
        var announced =
                site.get("R0", "/v1/members/C0/keys").get("announcement").asString();
        recipient = KeyAnnouncement.decode(Bytes.of(Base64.getUrlDecoder().decode(announced)))
                .keyAt(Instant.now())
                .orElseThrow();
    }

    /// Seals a place of the hand-over that is under way, or of a new one for other facts.
    ///
    /// @param said by the header
    Envelope seal(DeliveryFacts said, Place place, SecretBytes body) throws Exception {
        var current = handOver.filter(begun -> begun.facts().equals(said));
        if (current.isEmpty()) {
            begin(said);
        }
        return handOver.orElseThrow().seal(place, body);
    }

    /// Begins another hand-over, also of a delivery that was handed over already.
    void begin(DeliveryFacts said) throws Exception {
        handOver = Optional.of(new EnvelopeSealer(name, identity).begin(said, recipient, Instant.now()));
    }

    /// Submits to the relay.
    ///
    /// @return the HTTP status
    int submit(Envelope envelope) throws IOException {
        var base64 = Base64.getUrlEncoder().withoutPadding();
        var parts = new TreeMap<String, String>();
        Map.of(
                        "header", envelope.headerBytes(),
                        "enc", envelope.enc(),
                        "ciphertext", envelope.ciphertext(),
                        "signature", envelope.signature())
                .forEach((part, content) -> parts.put(part, base64.encodeToString(content.toArray())));
        var file = Files.createTempFile("envelope", ".json");
        try {
            Files.writeString(file, JsonMapper.shared().writeValueAsString(parts));
            var answer = site.postToRelay(name.toString(), file).output();
            return Integer.parseInt(answer.substring(answer.length() - 3));
        } finally {
            Files.delete(file);
        }
    }
}
