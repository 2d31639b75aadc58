// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.ArrayList;
import java.util.List;

/// The number of values of a delivery, and their division into chunks: every chunk except the last has the same
/// number of values.
///
/// @param count n, the number of values: 1 … 2^40
/// @param valuesPerChunk values in every chunk except the last, which may have fewer: 1 …
///     [#MAX_VALUES_PER_CHUNK]
public record Shape(long count, int valuesPerChunk) {
    /// A limit, because a chunk is the unit of memory.
    public static final int MAX_VALUES_PER_CHUNK = 65_536;

    /// The default for hand-overs.
    public static final int DEFAULT_VALUES_PER_CHUNK = 4_096;

    private static final long MAX_COUNT = 1L << 40;

    public Shape {
        if (count < 1 || count > MAX_COUNT) {
            throw new IllegalArgumentException("A delivery must have 1 to 2^40 values, not " + count + ".");
        }
        if (valuesPerChunk < 1 || valuesPerChunk > MAX_VALUES_PER_CHUNK) {
            throw new IllegalArgumentException(
                    "A chunk must have 1 to " + MAX_VALUES_PER_CHUNK + " values, not " + valuesPerChunk + ".");
        }
        if (Math.ceilDiv(count, valuesPerChunk) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("There are too many chunks; use more values per chunk.");
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

    /// All places of a delivery of this shape, in order of kind and index. Each party sends exactly one envelope
    /// for each. The list can be long (c + 1), so it is for tests and small deliveries; see [#placeCount].
    public List<Place> places(Scheme scheme) {
        var places = new ArrayList<Place>();
        for (var kind : Kind.values()) {
            for (int index = 0; index < placesOfKind(scheme, kind); index++) {
                places.add(new Place(kind, index));
            }
        }
        return places;
    }

    /// @return the number of envelopes that each party sends
    public long placeCount(Scheme scheme) {
        long sum = 0;
        for (var kind : Kind.values()) {
            sum += placesOfKind(scheme, kind);
        }
        return sum;
    }

    /// @return the number of envelopes of this kind that each party sends
    public int placesOfKind(Scheme scheme, Kind kind) {
        return switch (kind) {
            case VALUES -> chunkCount();
            case CLOSING -> scheme.isCommitted() ? 1 : 0;
        };
    }

    /// The number of elements in the body of a chunk: those of its values first, then [#checkElementsInChunk].
    ///
    /// @param index 0 … chunkCount - 1
    public int elementsInChunk(Scheme scheme, int index) {
        return valuesInChunk(index) * scheme.elementsPerValue() + checkElementsInChunk(scheme, index);
    }

    /// @param index 0 … chunkCount - 1
    /// @return the number of elements after those of the chunk's values: r, v and u in batched, the masks in the
    ///     last chunk of committed, otherwise none
    public int checkElementsInChunk(Scheme scheme, int index) {
        checkIndex(index);
        boolean hasMasks = scheme.isCommitted() && index == chunkCount() - 1;
        return hasMasks ? Scheme.MASKS : scheme.elementsPerTail();
    }

    /// @return the number of elements of the largest chunk
    public int mostElementsInChunk(Scheme scheme) {
        return Math.max(elementsInChunk(scheme, 0), elementsInChunk(scheme, chunkCount() - 1));
    }

    private void checkIndex(int index) {
        if (index < 0 || index >= chunkCount()) {
            throw new IllegalArgumentException("There is no chunk " + index + " among " + chunkCount() + ".");
        }
    }
}
