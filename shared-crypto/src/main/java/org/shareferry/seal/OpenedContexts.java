// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.seal;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.Hpke;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;

/// An in-memory cache of a recipient's key agreements, with a least-recently-used limit for each sender, so that no
/// sender evicts another's. Thread-safe: no context is wiped while a key is derived from it.
final class OpenedContexts implements AutoCloseable {
    private final int perSender;
    private final Map<MemberName, LinkedHashMap<Name, Hpke.Receiver>> bySender = new HashMap<>();
    private final Set<KeyId> gone = new HashSet<>();
    private boolean closed;

    /// The cache key: all inputs of the agreement. The delivery is also in the info.
    private record Name(Bytes encDigest, KeyId recipientKey, Hpke.Info info, DeliveryId delivery) {
        static Name of(Envelope envelope) {
            var header = envelope.header();
            return new Name(
                    Sha256.of(envelope.enc()),
                    header.recipientKey(),
                    EnvelopeSealer.infoOf(header),
                    header.facts().id());
        }
    }

    OpenedContexts(int perSender) {
        if (perSender < 0) {
            throw new IllegalArgumentException("The number of cached key agreements must not be negative.");
        }
        this.perSender = perSender;
    }

    /// @param envelope with a verified signature, so that forged envelopes do not fill the cache
    /// @param recipient the own key that the header names
    /// @return the key of its body; the caller closes it
    /// @throws CryptoException when enc is not an encapsulated key
    BodyKey bodyKey(Envelope envelope, OpeningKey recipient) throws CryptoException {
        var name = Name.of(envelope);
        var body = HandOverSealing.bodyContext(envelope.header().place(), envelope.headerBytes());
        var known = keyOfKnown(envelope.header().sender(), name, body);
        if (known.isPresent()) {
            return known.get();
        }
        var opened = Hpke.receive(envelope.enc(), recipient, name.info());
        return enter(envelope, name, opened, body);
    }

    private synchronized Optional<BodyKey> keyOfKnown(MemberName sender, Name name, Hpke.BodyContext body) {
        var contexts = bySender.get(sender);
        return contexts == null
                ? Optional.empty()
                : Optional.ofNullable(contexts.get(name)).map(context -> context.bodyKey(body));
    }

    private synchronized BodyKey enter(Envelope envelope, Name name, Hpke.Receiver opened, Hpke.BodyContext body) {
        var key = opened.bodyKey(body);
        var header = envelope.header();
        boolean isNeededAgain = header.facts().shape().placeCount(header.facts().scheme()) > 1;
        if (!isNeededAgain || closed || gone.contains(name.recipientKey())) {
            opened.close();
            return key;
        }
        var contexts = bySender.computeIfAbsent(header.sender(), sender -> new LinkedHashMap<>(16, 0.75f, true));
        var former = contexts.put(name, opened);
        if (former != null) {
            former.close();
        }
        if (contexts.size() > perSender) {
            var eldest = contexts.values().iterator();
            eldest.next().close();
            eldest.remove();
        }
        return key;
    }

    /// Wipes the agreements of this key, and caches no further ones.
    synchronized void forget(KeyId recipientKey) {
        gone.add(recipientKey);
        bySender.values()
                .forEach(contexts -> wipe(contexts, name -> name.recipientKey().equals(recipientKey)));
    }

    /// Wipes the agreements of this delivery.
    synchronized void forget(DeliveryId delivery) {
        bySender.values()
                .forEach(contexts -> wipe(contexts, name -> name.delivery().equals(delivery)));
    }

    private static void wipe(Map<Name, Hpke.Receiver> contexts, Predicate<Name> which) {
        contexts.entrySet().removeIf(entry -> {
            boolean isGone = which.test(entry.getKey());
            if (isGone) {
                entry.getValue().close();
            }
            return isGone;
        });
    }

    /// @return the number of cached agreements
    synchronized int size() {
        return bySender.values().stream().mapToInt(Map::size).sum();
    }

    /// Wipes everything.
    @Override
    public synchronized void close() {
        closed = true;
        bySender.values().forEach(contexts -> contexts.values().forEach(Hpke.Receiver::close));
        bySender.clear();
    }
}
