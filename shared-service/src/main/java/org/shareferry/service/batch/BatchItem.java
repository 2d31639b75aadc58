// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.batch;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.problem.ContentDigest;

/// One item of a batch: the encoding of an envelope or of a bundle.
///
/// @param pieces the encoding in parts, in order, so that it need not be copied into one array
public record BatchItem(List<Bytes> pieces) {
    public BatchItem {
        pieces = List.copyOf(pieces);
    }

    /// @return an item with a single piece
    public static BatchItem of(Bytes content) {
        return new BatchItem(List.of(content));
    }

    /// @return its number of bytes
    public long size() {
        return pieces.stream().mapToLong(Bytes::size).sum();
    }

    /// @return the digest that a refusal of this item names
    public ContentDigest digest() {
        return ContentDigest.of(pieces);
    }
}
