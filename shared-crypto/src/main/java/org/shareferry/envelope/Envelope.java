// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.ByteStrings;
import org.shareferry.cbor.CborWriter;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.BodyKey;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.IdentityPublicKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.crypto.SigningContext;
import org.shareferry.delivery.Kind;

/// One party's sealed and signed chunk. Its body is hashed once, when the envelope is created or read; signature
/// and id both cover that digest. The header's bytes are kept verbatim: signature and ciphertext are bound to them,
/// never to a second encoding.
public final class Envelope {
    /// Bytes of an encapsulated X-Wing key.
    public static final int ENC_SIZE = 1120;

    /// Bytes of an Ed25519 signature.
    public static final int SIGNATURE_SIZE = 64;

    /// At least the number of bytes that the encoding adds to the four parts.
    private static final int FRAME_SIZE = 64;

    private static final String WHAT = "an envelope";
    private static final String ID_LABEL = "shareferry envelope id v1";
    private static final String HAND_OVER_LABEL = "shareferry hand-over v1";

    private final Header header;
    private final Bytes headerBytes;
    private final Bytes enc;
    private final Bytes ciphertext;
    private final Bytes signature;
    private final Bytes ciphertextDigest;
    private final Bytes encoded;
    private final EnvelopeId id;

    /// @param ciphertextDigest SHA-256 of the ciphertext, computed once
    /// @param encoded the encoding of these parts, if available
    private Envelope(
            Header header,
            Bytes headerBytes,
            Bytes enc,
            Bytes ciphertext,
            Bytes ciphertextDigest,
            Bytes signature,
            Optional<Bytes> encoded) {
        this.header = header;
        this.headerBytes = headerBytes;
        this.enc = enc;
        this.ciphertext = ciphertext;
        this.ciphertextDigest = ciphertextDigest;
        this.signature = signature;
        int size = headerBytes.size() + enc.size() + ciphertext.size() + signature.size() + FRAME_SIZE;
        this.encoded = encoded.orElseGet(() -> CborWriter.encode(size, this::write));
        this.id = new EnvelopeId(Sha256.ofFramed(ID_LABEL, List.of(headerBytes, enc, ciphertextDigest, signature)));
    }

    /// @param headerBytes the deterministic encoding of a [Header]
    /// @param enc the encapsulated key, [#ENC_SIZE] bytes
    /// @param ciphertext body and tag, with exactly the size that follows from the header
    /// @param signature [#SIGNATURE_SIZE] bytes
    /// @throws MalformedException when a part is malformed; the signature is not verified here
    public static Envelope of(Bytes headerBytes, Bytes enc, Bytes ciphertext, Bytes signature)
            throws MalformedException {
        return of(headerBytes, enc, ciphertext, signature, Optional.empty());
    }

    private static Envelope of(Bytes headerBytes, Bytes enc, Bytes ciphertext, Bytes signature, Optional<Bytes> encoded)
            throws MalformedException {
        var header = checked(headerBytes, enc, ciphertext);
        checkSize("signature", signature, SIGNATURE_SIZE);
        return new Envelope(header, headerBytes, enc, ciphertext, Sha256.of(ciphertext), signature, encoded);
    }

    /// Signs sealed parts.
    ///
    /// @param headerBytes the deterministic encoding of a [Header]
    /// @param enc the encapsulated key, [#ENC_SIZE] bytes
    /// @param ciphertext body and tag, with exactly the size that follows from the header
    /// @param identity the sender's own key
    /// @throws MalformedException when a part is malformed
    public static Envelope sign(Bytes headerBytes, Bytes enc, Bytes ciphertext, IdentityKey identity)
            throws MalformedException {
        var header = checked(headerBytes, enc, ciphertext);
        var digest = Sha256.of(ciphertext);
        var signature = identity.sign(signingContext(header.place().kind()), List.of(headerBytes, enc, digest));
        return new Envelope(header, headerBytes, enc, ciphertext, digest, signature, Optional.empty());
    }

    private static Header checked(Bytes headerBytes, Bytes enc, Bytes ciphertext) throws MalformedException {
        var header = Header.decode(headerBytes);
        checkSize("enc", enc, ENC_SIZE);
        checkSize("ciphertext", ciphertext, header.bodySize() + BodyKey.TAG_SIZE);
        return header;
    }

    private static void checkSize(String part, Bytes bytes, int size) throws MalformedException {
        if (bytes.size() != size) {
            throw new MalformedException(
                    "The " + part + " of an envelope has " + bytes.size() + " bytes instead of " + size + ".");
        }
    }

    /// @param bytes the one deterministic encoding
    /// @throws MalformedException for anything else
    public static Envelope decode(Bytes bytes) throws MalformedException {
        var in = new ByteStrings(WHAT, bytes);
        var envelope = read(in);
        in.end();
        return envelope;
    }

    static Envelope read(ByteStrings in) throws MalformedException {
        int begin = in.position();
        in.map(4);
        var enc = in.key("enc").bytes();
        var header = in.key("header").bytes();
        var signature = in.key("signature").bytes();
        var ciphertext = in.key("ciphertext").bytes();
        return of(header, enc, ciphertext, signature, Optional.of(in.since(begin)));
    }

    void write(CborWriter out) {
        // Keys in the order of their encodings (RFC 8949 §4.2.1): shorter ones first.
        out.map(4);
        out.key("enc").bytes(enc);
        out.key("header").bytes(headerBytes);
        out.key("signature").bytes(signature);
        out.key("ciphertext").bytes(ciphertext);
        out.endMap();
    }

    /// @return the one deterministic encoding
    public Bytes encode() {
        return encoded;
    }

    /// @return SHA-256 of label, header, enc, the ciphertext's digest and signature, each length-prefixed
    public EnvelopeId id() {
        return id;
    }

    /// @return the header; trust it only after [#isSignedBy]
    public Header header() {
        return header;
    }

    /// @return the header's verbatim bytes
    public Bytes headerBytes() {
        return headerBytes;
    }

    /// @return the encapsulated key
    public Bytes enc() {
        return enc;
    }

    /// @return body and tag
    public Bytes ciphertext() {
        return ciphertext;
    }

    /// @return the sender's signature
    public Bytes signature() {
        return signature;
    }

    /// @return whether the header names this key and the signature verifies with it
    public boolean isSignedBy(IdentityPublicKey key) {
        return key.id().equals(header.senderKey())
                && key.verifies(
                        signingContext(header.place().kind()), List.of(headerBytes, enc, ciphertextDigest), signature);
    }

    /// A digest of the parts that all envelopes of one hand-over share: enc, both keys and the creation time. A
    /// recipient compares it between the envelopes of a sender. It is never sent.
    public Bytes handOver() {
        return Sha256.ofFramed(
                HAND_OVER_LABEL,
                List.of(
                        enc,
                        header.senderKey().digest(),
                        header.recipientKey().digest(),
                        Bytes.ofWord(header.created().toEpochMilli())));
    }

    /// @return the signing context for this kind of envelope
    private static SigningContext signingContext(Kind kind) {
        return kind == Kind.CLOSING ? SigningContext.CLOSING_ENVELOPE : SigningContext.ENVELOPE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Envelope that && id.equals(that.id);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    /// For logs; never contains the content.
    @Override
    public String toString() {
        return "envelope " + id + " of " + header.sender() + " for "
                + header.facts().id() + " " + header.place();
    }
}
