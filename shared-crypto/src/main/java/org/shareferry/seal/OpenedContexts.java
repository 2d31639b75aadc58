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

/// Key agreements that a recipient has opened and will need again, in memory alone: of each sender those that were
/// used last, so that no sender displaces another's. Safe for use by several threads; no context is wiped while
/// a key is taken of it.
final class OpenedContexts implements AutoCloseable {
    private final int perSender;
    private final Map<MemberName, LinkedHashMap<Name, Hpke.Receiver>> bySender = new HashMap<>();
    private final Set<KeyId> gone = new HashSet<>();
    private boolean closed;

    /// All that the agreement depends on; the delivery is in the info as well.
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
            throw new IllegalArgumentException("The number of key agreements kept is not negative.");
        }
        this.perSender = perSender;
    }

    /// @param envelope whose signature was verified: what others made must take no place here
    /// @param recipient our key that the header names
    /// @return the key of its body, which the caller closes
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

    /// Wipes what was agreed on with this key, and enters nothing of it any more.
    synchronized void forget(KeyId recipientKey) {
        gone.add(recipientKey);
        bySender.values()
                .forEach(contexts -> wipe(contexts, name -> name.recipientKey().equals(recipientKey)));
    }

    /// Wipes what was agreed on for this delivery.
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

    /// @return how many agreements are kept
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
