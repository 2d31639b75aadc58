// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.util.Set;
import org.shareferry.delivery.Domain;

/// The MPC protocol of a captured run. Captures do not name it: the demo tells it from the domain.
///
/// @param name as MP-SPDZ calls it
record Protocol(String name) {
    /// Those of MP-SPDZ whose shares carry MACs, so that a program can check them.
    private static final Set<String> WITH_MACS =
            Set.of("spdz2k", "mascot", "mama", "lowgear", "highgear", "cowgear", "chaigear", "tinier", "tiny");

    /// @return spdz2k for rings with spare bits, semi2k for rings without, mascot for prime fields
    static Protocol of(Domain domain) {
        return new Protocol(
                switch (domain) {
                    case Domain.Ring ring when ring.spareBits() == 0 -> "semi2k";
                    case Domain.Ring ring -> "spdz2k";
                    case Domain.PrimeField field -> "mascot";
                });
    }

    /// @return whether a program of this protocol can have checked MACs before it delivered
    boolean hasMacs() {
        return WITH_MACS.contains(name);
    }
}
