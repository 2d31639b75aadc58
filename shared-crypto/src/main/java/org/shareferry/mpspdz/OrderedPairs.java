// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

/// The ordered pairs (p, q), p ≠ q, of N parties in lexicographic order: the order in which a service receives the
/// words that VMs exchanged.
public final class OrderedPairs {
    private OrderedPairs() {}

    /// @param from p
    /// @param to q
    /// @param parties N
    /// @return the index of the pair, from 0
    public static int index(int from, int to, int parties) {
        if (from == to || from < 0 || to < 0 || from >= parties || to >= parties) {
            throw new IllegalArgumentException("Invalid pair of parties.");
        }
        return from * (parties - 1) + (to < from ? to : to - 1);
    }
}
