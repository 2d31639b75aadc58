// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Comparator;

/// The position of an envelope in a delivery. Each party has exactly one envelope for each place.
///
/// @param kind of the content
/// @param index the chunk for values; 0 for closing
public record Place(Kind kind, int index) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::kind).thenComparingInt(Place::index);

    public Place {
        if (index < 0) {
            throw new IllegalArgumentException("A chunk index must not be negative.");
        }
        if (index > 0 && kind == Kind.CLOSING) {
            throw new IllegalArgumentException("The index of a closing envelope must be 0.");
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
