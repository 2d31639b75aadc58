// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/// The key identifiers in certificates (RFC 5280 §4.2.1.1 and §4.2.1.2).
final class KeyIdentifiers {
    private static final String SUBJECT = "2.5.29.14";
    private static final String AUTHORITY = "2.5.29.35";
    private static final int KEY_IDENTIFIER = 0x80;

    private KeyIdentifiers() {}

    /// @param certificate whose issuer is the subject of `issuer`
    /// @return whether the key identifiers do not contradict this
    static boolean mayHaveIssued(X509Certificate issuer, X509Certificate certificate) {
        try {
            var subject = extension(issuer, SUBJECT);
            var authority = extension(certificate, AUTHORITY);
            if (subject == null || authority == null) {
                return true;
            }
            var fields = authority.content();
            if (!fields.hasRemaining()) {
                return true;
            }
            var first = DerCodec.read(fields);
            return first.tag() != KEY_IDENTIFIER || first.content().equals(subject.content());
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private static DerCodec.@Nullable Element extension(X509Certificate certificate, String oid) {
        var value = certificate.getExtensionValue(oid);
        return value == null
                ? null
                : DerCodec.read(DerCodec.read(ByteBuffer.wrap(value)).content());
    }
}
