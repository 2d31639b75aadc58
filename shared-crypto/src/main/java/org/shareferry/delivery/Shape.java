// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.ArrayList;
import java.util.List;

/// How many values a delivery has and how they are cut into chunks: every chunk but the last holds the same
/// number.
///
/// @param count values in all, n: 1 … 2^40
/// @param valuesPerChunk values in every chunk but the last, which may have fewer: 1 …
///     [#MAX_VALUES_PER_CHUNK]
public record Shape(long count, int valuesPerChunk) {
    /// More would make a chunk, the unit of memory, too large.
    public static final int MAX_VALUES_PER_CHUNK = 65_536;

    /// What a hand-over gets that does not say.
    public static final int DEFAULT_VALUES_PER_CHUNK = 4_096;

    private static final long MAX_COUNT = 1L << 40;

    public Shape {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("A delivery has 1 to 2^40 values, not " + count + ".");
        }
        if (valuesPerChunk < 1 || valuesPerChunk > MAX_VALUES_PER_CHUNK) {
            throw new IllegalArgumentException(
                    "A chunk has 1 to " + MAX_VALUES_PER_CHUNK + " values, not " + valuesPerChunk + ".");
        }
        if (Math.ceilDiv(count, valuesPerChunk) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Too many chunks; take more values per chunk.");
        }
    }

    /// @return c, the number of chunks
    public int chunkCount() {
        return (int) Math.ceilDiv(count, valuesPerChunk);
    }

    /// @param index 0 … chunkCount - 1
    /// @return the number of values in this chunk
    public int valuesInChunk(int index) {
        checkIndex(index);
        return (int) Math.min(valuesPerChunk, count - firstValue(index));
    }

    /// @param index 0 … chunkCount - 1
    /// @return the position in the delivery of this chunk's first value
    public long firstValue(int index) {
        checkIndex(index);
        return (long) index * valuesPerChunk;
    }

    /// Every place of a delivery of this shape: the envelopes that each party sends, no more and no fewer, in
    /// order of kind and index. Its size is c + 1 at most, so it is for tests and small deliveries; see
    /// [#placeCount].
    public List<Place> places(Scheme scheme) {
        var places = new ArrayList<Place>();
        for (var kind : Kind.values()) {
            for (int index = 0; index < placesOfKind(scheme, kind); index++) {
                places.add(new Place(kind, index));
            }
        }
        return places;
    }

    /// @return how many envelopes each party sends in all
    public long placeCount(Scheme scheme) {
        long sum = 0;
        for (var kind : Kind.values()) {
            sum += placesOfKind(scheme, kind);
        }
        return sum;
    }

    /// @return how many envelopes of this kind each party sends
    public int placesOfKind(Scheme scheme, Kind kind) {
        return switch (kind) {
            case VALUES -> chunkCount();
            case CLOSING -> scheme.isCommitted() ? 1 : 0;
        };
    }

    /// How many elements the body of a chunk holds: those of its values first, then [#checkElementsInChunk].
    ///
    /// @param index 0 … chunkCount - 1
    public int elementsInChunk(Scheme scheme, int index) {
        return valuesInChunk(index) * scheme.elementsPerValue() + checkElementsInChunk(scheme, index);
    }

    /// @param index 0 … chunkCount - 1
    /// @return how many elements follow those of the chunk's values: r, v and u in batched, the masks in the
    ///     last chunk of committed, else none
    public int checkElementsInChunk(Scheme scheme, int index) {
        checkIndex(index);
        boolean hasMasks = scheme.isCommitted() && index == chunkCount() - 1;
        return hasMasks ? Scheme.MASKS : scheme.elementsPerTail();
    }

    /// @return the elements of the chunk that has the most
    public int mostElementsInChunk(Scheme scheme) {
        return Math.max(elementsInChunk(scheme, 0), elementsInChunk(scheme, chunkCount() - 1));
    }

    private void checkIndex(int index) {
        if (index < 0 || index >= chunkCount()) {
            throw new IllegalArgumentException("No chunk " + index + " in " + chunkCount() + ".");
        }
    }
}
