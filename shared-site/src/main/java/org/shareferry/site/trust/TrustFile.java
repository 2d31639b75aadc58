// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.util.List;
import java.util.function.Supplier;
import org.shareferry.crypto.Bytes;

/// The content of one file of a member's trust. The bytes are read once, so that the digest matches what is parsed.
///
/// @param digest a digest of the content
/// @param content parses the content
/// @param <T> certificates that are pinned, or authorities
public record TrustFile<T>(Bytes digest, Supplier<Content<T>> content) {
    /// The parsed content of a file of trust.
    ///
    /// @param <T> certificates that are pinned, or authorities
    public sealed interface Content<T> {}

    /// The file is valid. A missing or empty file has no entries.
    ///
    /// @param all in the file's order
    public record Whole<T>(List<T> all) implements Content<T> {
        public Whole {
            all = List.copyOf(all);
        }
    }

    /// The file is unusable, because it is damaged or being written.
    ///
    /// @param readable the entries that can still be read
    /// @param why the reason, with the file and what to do
    public record Damaged<T>(List<T> readable, String why) implements Content<T> {
        public Damaged {
            readable = List.copyOf(readable);
        }
    }
}
