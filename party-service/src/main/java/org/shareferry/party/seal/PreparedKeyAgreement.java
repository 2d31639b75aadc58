// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.seal;

import org.shareferry.seal.PreparedSealing;

/// A key agreement for an expected hand-over. It can be used for that one only.
public final class PreparedKeyAgreement implements AutoCloseable {
    private final PreparedSealing sealing;

    PreparedKeyAgreement(PreparedSealing sealing) {
        this.sealing = sealing;
    }

    PreparedSealing sealing() {
        return sealing;
    }

    /// Wipes it, unless a hand-over uses it.
    @Override
    public void close() {
        sealing.close();
    }
}
