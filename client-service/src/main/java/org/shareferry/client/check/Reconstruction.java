// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.client.check.OpenedBodies.Opened;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Place;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeOpener;
import org.shareferry.seal.Opening;
import org.shareferry.service.member.RosterFile;
import org.shareferry.share.ElementVector;
import org.shareferry.site.settings.ClientProperties;
import org.springframework.stereotype.Component;

/// Adds up the shares at a place, from bodies in memory or from the stored envelopes.
@Component
class Reconstruction {
    private final CheckStore store;
    private final OpeningKeys keys;
    private final EnvelopeOpener opener;
    private final RosterFile roster;
    private final ClientProperties properties;

    Reconstruction(
            CheckStore store, OpeningKeys keys, EnvelopeOpener opener, RosterFile roster, ClientProperties properties) {
        this.store = store;
        this.keys = keys;
        this.opener = opener;
        this.roster = roster;
        this.properties = properties;
    }

    /// The sum of all parties' shares at a place.
    ///
    /// @param faulty senders whose share has elements outside of the domain; it counts as zero, so that the check
    ///     does the same work
    record Sum(ElementVector elements, List<MemberName> faulty) implements AutoCloseable {
        boolean areShares() {
            return faulty.isEmpty();
        }

        @Override
        public void close() {
            elements.close();
        }
    }

    /// Processes every envelope of the place, even after one that does not decode.
    ///
    /// @param place of values
    /// @param opened bodies in memory
    /// @throws IllegalStateException unless there is one envelope of each party
    Sum sum(DeliveryFacts facts, Place place, Opened opened) {
        var domain = facts.scheme().elementDomain(facts.domain());
        var ids = store.ids(facts.key(), place);
        if (ids.size() != facts.parties().size()) {
            throw new IllegalStateException("A complete delivery lacks envelopes at a place.");
        }
        var sum = ElementVector.zeros(domain, facts.shape().elementsInChunk(facts.scheme(), place.index()));
        var faulty = new ArrayList<MemberName>();
        for (var id : ids.entrySet()) {
            try (var body = body(facts, place, id.getKey(), id.getValue(), opened);
                    var shares = ElementVector.decode(domain, body.content())) {
                sum.add(shares);
            } catch (MalformedException e) {
                faulty.add(id.getKey());
            }
        }
        return new Sum(sum, faulty);
    }

    /// @return the bodies of all parties' envelopes at a place, by sender; they contain nothing secret
    SortedMap<MemberName, Bytes> bodies(DeliveryFacts facts, Place place, Opened opened) {
        var bodies = new TreeMap<MemberName, Bytes>();
        store.ids(facts.key(), place).forEach((sender, id) -> {
            try (var body = body(facts, place, sender, id, opened)) {
                bodies.put(sender, Bytes.of(body.content().reveal()));
            }
        });
        return bodies;
    }

    /// Wipes the agreed keys of this delivery, after its last envelope was opened.
    void end(DeliveryFacts facts) {
        if (facts.shape().placeCount(facts.scheme()) > 1) {
            opener.forget(facts.id());
        }
    }

    /// @param isKept whether it stays open for others
    private record Body(SecretBytes content, boolean isKept) implements AutoCloseable {
        @Override
        public void close() {
            if (!isKept) {
                content.close();
            }
        }
    }

    /// A body in memory is found only by the id that is stored for this place and sender.
    private Body body(DeliveryFacts facts, Place place, MemberName sender, EnvelopeId id, Opened opened) {
        return opened.find(id)
                .map(content -> new Body(content, true))
                .orElseGet(() -> new Body(open(store.envelope(facts.key(), place, sender)), false));
    }

    /// Every stored envelope was opened once when it was accepted.
    private SecretBytes open(Envelope envelope) {
        var header = envelope.header();
        var sender = roster.find(header.sender())
                .flatMap(member -> member.identityKey(header.senderKey()))
                .orElseThrow(() ->
                        new IllegalStateException("The roster no longer has a sender's identity key: add it again."));
        var key = keys.find(header.recipientKey()).orElseThrow(() -> missing(header.recipientKey()));
        return switch (opener.open(envelope, sender, key)) {
            case Opening.Opened(var body) -> body;
            case Opening.Refused(var reason) ->
                throw new IllegalStateException("A stored envelope can no longer be opened: " + reason);
        };
    }

    private RuntimeException missing(KeyId key) {
        return properties.isRevoked(key)
                ? new KeyRevokedException()
                : new IllegalStateException("An opening key is missing: restore it from a backup.");
    }

    /// The key of an envelope was revoked after the envelope was accepted.
    static final class KeyRevokedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
