// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.assembly;

import java.util.Locale;

/// The state of a bundle, as in the column `bundle.state`.
public enum BundleState {
    /// It waits for the client.
    WAITING,
    /// The client refused it for a cause that can be fixed; it is offered again.
    HELD,
    /// The client gave a receipt, and it is offered again because the client may have lost it.
    AGAIN,
    /// The client gave a receipt.
    RECEIVED,
    /// It will never be delivered.
    REFUSED,
    /// It expired before it was received.
    EXPIRED;

    /// @param text as in the column
    public static BundleState of(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }

    /// @return the name in lower case, as in the column
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
