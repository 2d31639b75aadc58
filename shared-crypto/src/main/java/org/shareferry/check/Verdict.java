// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

/// The verdict on a delivery. Only the client's own users may see it, never the relay or a party.
public enum Verdict {
    /// The check passed, in a domain and under a protocol that make it meaningful.
    VERIFIED,
    /// Nothing failed, but nothing proves the values either.
    UNVERIFIED,
    /// The check failed: no value is shown.
    REJECTED
}
