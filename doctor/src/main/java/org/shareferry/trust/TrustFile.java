// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

import java.util.List;
import java.util.function.Supplier;
import org.shareferry.crypto.Bytes;

/// One file of a member's trust, as it was read at one moment. The bytes are read once: what is compared by the digest
/// is what is parsed.
///
/// @param digest other bytes whenever the file has another content
/// @param content parses what was read
/// @param <T> certificates that are pinned, or authorities
public record TrustFile<T>(Bytes digest, Supplier<Content<T>> content) {
    /// What a file of trust says.
    ///
    /// @param <T> certificates that are pinned, or authorities
    public sealed interface Content<T> {}

    /// The file is whole. A file that is missing or empty names nobody.
    ///
    /// @param all in the file's order
    public record Whole<T>(List<T> all) implements Content<T> {
        public Whole {
            all = List.copyOf(all);
        }
    }

    /// The file has content that cannot be used: it is being written, or it is damaged.
    ///
    /// @param readable what can be read of it nevertheless, each by itself
    /// @param why sentences that name the file and what to do
    public record Damaged<T>(List<T> readable, String why) implements Content<T> {
        public Damaged {
            readable = List.copyOf(readable);
        }
    }
}
