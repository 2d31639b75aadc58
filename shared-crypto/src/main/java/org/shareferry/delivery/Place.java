// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Comparator;

/// Where in a delivery an envelope stands. Each party fills each place exactly once.
///
/// @param kind what the envelope holds
/// @param index the chunk for values and tail; 0 for masks and closing
public record Place(Kind kind, int index) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::kind).thenComparingInt(Place::index);

    public Place {
        if (index < 0) {
            throw new IllegalArgumentException("A chunk index is not negative.");
        }
        if (index > 0 && (kind == Kind.MASKS || kind == Kind.CLOSING)) {
            throw new IllegalArgumentException("A delivery has one envelope of " + kind.text() + ", with index 0.");
        }
    }

    @Override
    public int compareTo(Place other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return kind.text() + " " + index;
    }
}
