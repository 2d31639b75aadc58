// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import org.shareferry.delivery.Domain;

/// The MPC protocol of a captured run. Captures do not name it: the demo tells it from the domain.
final class Protocol {
    private Protocol() {}

    /// @return its name as MP-SPDZ calls it: spdz2k for rings with spare bits, semi2k for rings without,
    ///     mascot for prime fields
    static String of(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring when ring.spareBits() == 0 -> "semi2k";
            case Domain.Ring ring -> "spdz2k";
            case Domain.PrimeField field -> "mascot";
        };
    }
}
