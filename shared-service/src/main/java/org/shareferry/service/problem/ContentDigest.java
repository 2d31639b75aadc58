// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;

/// The SHA-256 of one HTTP message's content (RFC 9530 §2). Requests carry it in `Content-Digest`. A problem
/// repeats the digest of the refused body in its member `judged`, because `Content-Digest` in a response is the
/// digest of the response's own content.
///
/// @param sha256 32 bytes
public record ContentDigest(Bytes sha256) {
    /// The header field.
    public static final String HEADER = "Content-Digest";

    /// The member of a problem that contains the digest of the refused body.
    public static final String JUDGED = "judged";

    private static final Pattern FIELD = Pattern.compile("(?:^|,)[ \\t]*sha-256=:([A-Za-z0-9+/]{43}=):[ \\t]*(?:,|$)");

    public ContentDigest {
        if (sha256.size() != Sha256.SIZE) {
            throw new IllegalArgumentException("A SHA-256 has 32 bytes.");
        }
    }

    /// @param pieces of one body, in order
    public static ContentDigest of(List<Bytes> pieces) {
        var digest = Sha256.begin();
        pieces.forEach(digest::add);
        return new ContentDigest(digest.digest());
    }

    /// @param field the header field's value, which may name other algorithms too
    /// @return empty if the field has no SHA-256
    public static Optional<ContentDigest> parse(String field) {
        var match = FIELD.matcher(field);
        return match.find()
                ? Optional.of(new ContentDigest(Bytes.of(Base64.getDecoder().decode(match.group(1)))))
                : Optional.empty();
    }

    /// @return the header field's value
    @Override
    public String toString() {
        return "sha-256=:" + Base64.getEncoder().encodeToString(sha256.toArray()) + ":";
    }
}
