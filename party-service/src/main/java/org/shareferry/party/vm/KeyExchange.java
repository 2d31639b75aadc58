// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.member.MemberName;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.mpspdz.OrderedPairs;
import org.shareferry.share.PairwiseKeys;

/// The beginning of a dialog: each pair of services agrees on keys through their VMs, and each service sends its
/// own VM a secret, by which the VM recognises it later.
final class KeyExchange {
    private final VmChannel channel;
    private final NextMessage nextMessage;
    private final int party;
    private final int parties;
    private final SecretBytes secret;

    /// @param party the own number
    /// @param parties N
    /// @param secret for the own VM; a [#freshKey]
    KeyExchange(VmChannel channel, NextMessage nextMessage, int party, int parties, SecretBytes secret) {
        this.channel = channel;
        this.nextMessage = nextMessage;
        this.party = party;
        this.parties = parties;
        this.secret = secret;
    }

    /// Sends fresh keys for the other parties and the secret, and reads the keys that the others made for this
    /// party.
    ///
    /// @return the keys; the caller closes them
    PairwiseKeys run() throws IOException, DialogRefusedException {
        var made = new TreeMap<Integer, SecretBytes>();
        Map<MemberName, PairwiseKeys.Pair> pairs = new TreeMap<>();
        try {
            for (int other = 0; other < parties; other++) {
                if (other != party) {
                    made.put(other, freshKey());
                }
            }
            send(made);
            nextMessage.hasWords(Dialog.SECRET_WORDS);
            int count = parties * (parties - 1);
            try (var received = channel.readSecret(2 * count * Long.BYTES)) {
                made.forEach((other, key) -> {
                    int entry = OrderedPairs.index(other, party, parties);
                    pairs.put(MemberName.party(other), new PairwiseKeys.Pair(key, key(received, entry, count)));
                });
            }
            return PairwiseKeys.of(MemberName.party(party), pairs);
        } finally {
            made.values().forEach(SecretBytes::close);
            pairs.values().forEach(pair -> pair.received().close());
        }
    }

    /// Zero words are redrawn, because a number followed by zeros is a refusal.
    static SecretBytes freshKey() {
        while (true) {
            var key = SecretBytes.random(PairwiseKeys.KEY_SIZE);
            if (word(key, 0) != 0 && word(key, 1) != 0) {
                return key;
            }
            key.close();
        }
    }

    private void send(Map<Integer, SecretBytes> made) throws IOException {
        var words = new long[2 * parties + Dialog.SECRET_WORDS];
        made.forEach((other, key) -> {
            words[other] = word(key, 0);
            words[parties + other] = word(key, 1);
        });
        words[2 * parties] = word(secret, 0);
        words[2 * parties + 1] = word(secret, 1);
        channel.writeWords(words);
    }

    /// Shows the VM that this service is still on the socket. The VM compares the secret before it writes the next
    /// head. It never reads the secret after the last delivery.
    void sendSecret() throws IOException {
        channel.writeWords(word(secret, 0), word(secret, 1));
        nextMessage.isAnswerToHead();
    }

    private static long word(SecretBytes bytes, int index) {
        return ByteBuffer.wrap(bytes.reveal()).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    private static SecretBytes key(SecretBytes received, int entry, int count) {
        return SecretBytes.takeOver(ByteBuffer.allocate(PairwiseKeys.KEY_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(word(received, entry))
                .putLong(word(received, count + entry))
                .array());
    }
}
