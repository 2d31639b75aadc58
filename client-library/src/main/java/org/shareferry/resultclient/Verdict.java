// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

/// What is known of a result's values.
public enum Verdict {
    /// A check held: the values are what the parties computed, under what docs/protocols.md says of their protocol.
    VERIFIED,
    /// Nothing failed, and nothing proves the values either.
    UNVERIFIED,
    /// The check failed. There are no values.
    REJECTED
}
