// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.CborReader;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.CryptoException;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.SealingKey;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;

/// A client's list of sealing keys, before signing.
///
/// @param client whose keys they are
/// @param signer the identity key that signs the list
/// @param issued when the list was created; of two lists the later one counts
/// @param keys at most [#MAX_KEYS], each once
public record KeyAnnouncement(MemberName client, KeyId signer, Instant issued, List<AnnouncedKey> keys) {
    /// Current, next, and some expiring keys.
    public static final int MAX_KEYS = 16;

    private static final int VERSION = 1;
    private static final String WHAT = "a key announcement";

    public KeyAnnouncement {
        keys = List.copyOf(keys);
        issued = Instant.ofEpochMilli(issued.toEpochMilli());
        if (client.role() != Role.CLIENT) {
            throw new IllegalArgumentException("The sender of a key announcement must be a client.");
        }
        if (keys.size() > MAX_KEYS
                || keys.stream().map(AnnouncedKey::key).distinct().count() != keys.size()) {
            throw new IllegalArgumentException("An announcement must have at most " + MAX_KEYS + " keys, each once.");
        }
    }

    /// @return the key to seal to at this moment: the valid one with the latest start
    public Optional<SealingKey> keyAt(Instant moment) {
        return keys.stream()
                .filter(key -> key.isValidAt(moment))
                .max(Comparator.comparing(AnnouncedKey::notBefore))
                .map(AnnouncedKey::key);
    }

    /// @return the key with this id, whether valid now or not
    public Optional<AnnouncedKey> find(KeyId id) {
        return keys.stream().filter(key -> key.key().id().equals(id)).findFirst();
    }

    /// @return the deterministic encoding, which is signed
    public Bytes encode() {
        return CborWriter.encode(out -> {
            out.map(5);
            out.key(1).integer(VERSION);
            out.key(2).text(client.toString());
            out.key(3).bytes(signer.digest());
            out.key(4).integer(issued.toEpochMilli());
            out.key(5).array(keys.size());
            for (var key : keys) {
                out.array(3);
                out.bytes(key.key().raw());
                out.integer(key.notBefore().toEpochMilli());
                out.integer(key.notAfter().toEpochMilli());
                out.endArray();
            }
            out.endArray().endMap();
        });
    }

    /// @throws MalformedException when the bytes are not the deterministic encoding of an announcement
    public static KeyAnnouncement decode(Bytes bytes) throws MalformedException {
        return CborReader.decode(WHAT, bytes, KeyAnnouncement::read, KeyAnnouncement::encode);
    }

    private static KeyAnnouncement read(CborReader in) throws MalformedException {
        in.map();
        if (in.key(1).integer() != VERSION) {
            throw new MalformedException("The version of " + WHAT + " is not " + VERSION + ".");
        }
        var client = MemberName.parse(in.key(2).text());
        var signer = new KeyId(in.key(3).bytes());
        var issued = Instant.ofEpochMilli(in.key(4).integer());
        var keys = in.key(5).list(MAX_KEYS, KeyAnnouncement::readKey);
        in.endMap();
        return new KeyAnnouncement(client, signer, issued, keys);
    }

    private static AnnouncedKey readKey(CborReader in) throws MalformedException {
        in.array();
        SealingKey key;
        try {
            key = SealingKey.of(in.bytes());
        } catch (CryptoException e) {
            throw new MalformedException("A key of " + WHAT + " is not an X-Wing public key.");
        }
        var notBefore = Instant.ofEpochMilli(in.integer());
        var notAfter = Instant.ofEpochMilli(in.integer());
        in.endArray();
        return new AnnouncedKey(key, notBefore, notAfter);
    }
}
