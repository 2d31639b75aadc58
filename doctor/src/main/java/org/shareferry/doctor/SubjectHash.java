// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import javax.security.auth.x500.X500Principal;

/// The file name by which OpenSSL finds a certificate in a folder: `<subject hash>.0`, `.1`, … The hash is the
/// first four bytes, little-endian, of SHA-1 over the name's canonical encoding: its RDNs one after the other, text
/// as UTF-8 in lower case with single spaces (X509_NAME_hash_ex, `openssl x509 -subject_hash`).
final class SubjectHash {
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;
    private static final int UTF8 = 0x0c;

    /// String types and their encodings; all others are used unchanged.
    private static final Map<Integer, Charset> TEXTS = Map.of(
            UTF8,
            StandardCharsets.UTF_8,
            0x13,
            StandardCharsets.US_ASCII, // PrintableString
            0x14,
            StandardCharsets.ISO_8859_1, // T61String, as OpenSSL reads it
            0x16,
            StandardCharsets.US_ASCII, // IA5String
            0x1a,
            StandardCharsets.US_ASCII, // VisibleString
            0x1c,
            Charset.forName("UTF-32BE"), // UniversalString
            0x1e,
            StandardCharsets.UTF_16BE); // BMPString

    private SubjectHash() {}

    /// @return eight lower-case hex digits
    static String of(X500Principal subject) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(canonical(subject.getEncoded()));
            return "%08x"
                    .formatted(ByteBuffer.wrap(digest)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getInt());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-1.", e);
        }
    }

    private static byte[] canonical(byte[] name) {
        var encoded = new ByteArrayOutputStream();
        var rdns = DerCodec.read(ByteBuffer.wrap(name)).content();
        while (rdns.hasRemaining()) {
            encoded.writeBytes(rdn(DerCodec.read(rdns).content()));
        }
        return encoded.toByteArray();
    }

    private static byte[] rdn(ByteBuffer attributes) {
        var encoded = new ArrayList<byte[]>();
        while (attributes.hasRemaining()) {
            encoded.add(attribute(DerCodec.read(attributes).content()));
        }
        encoded.sort(Arrays::compareUnsigned);
        return DerCodec.write(SET, encoded.toArray(byte[][]::new));
    }

    private static byte[] attribute(ByteBuffer parts) {
        var type = DerCodec.read(parts);
        var value = DerCodec.read(parts);
        var text = TEXTS.get(value.tag());
        var encodedType = DerCodec.write(type.tag(), bytes(type.content()));
        if (text == null) {
            return DerCodec.write(SEQUENCE, encodedType, DerCodec.write(value.tag(), bytes(value.content())));
        }
        var canonical = canonical(text.decode(value.content()).toString());
        return DerCodec.write(SEQUENCE, encodedType, DerCodec.write(UTF8, canonical.getBytes(StandardCharsets.UTF_8)));
    }

    /// Only ASCII letters are lower-cased.
    private static String canonical(String text) {
        var spaced = text.replaceAll("^[ \\t\\n\\x0B\\f\\r]+|[ \\t\\n\\x0B\\f\\r]+$", "")
                .replaceAll("[ \\t\\n\\x0B\\f\\r]+", " ");
        var lower = new StringBuilder(spaced);
        for (int i = 0; i < lower.length(); i++) {
            if (lower.charAt(i) <= 0x7f) {
                lower.setCharAt(
                        i,
                        String.valueOf(lower.charAt(i)).toLowerCase(Locale.ROOT).charAt(0));
            }
        }
        return lower.toString();
    }

    private static byte[] bytes(ByteBuffer content) {
        var bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return bytes;
    }
}
