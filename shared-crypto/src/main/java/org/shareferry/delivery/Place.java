// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.delivery;

import java.util.Comparator;

/// Where in a delivery an envelope stands. Each party fills each place exactly once.
///
/// @param kind what the envelope holds
/// @param index the chunk for values; 0 for closing
public record Place(Kind kind, int index) implements Comparable<Place> {
    private static final Comparator<Place> ORDER =
            Comparator.comparing(Place::kind).thenComparingInt(Place::index);

    public Place {
        if (index < 0) {
            throw new IllegalArgumentException("A chunk index is not negative.");
        }
        if (index > 0 && kind == Kind.CLOSING) {
            throw new IllegalArgumentException("A party has one closing envelope, with index 0.");
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
