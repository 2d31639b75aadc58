// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

/// What a client's user is told of a delivery. Never told to the relay or to a party.
public enum Verdict {
    /// A check held, in a domain and under a protocol that make it meaningful.
    VERIFIED,
    /// Nothing failed, but nothing proves the values either.
    UNVERIFIED,
    /// The check failed: no value is shown.
    REJECTED
}
