// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

/// What came of judging a certificate.
public sealed interface Judgement {
    /// It is accepted.
    ///
    /// @param name whose certificate it is: a member's name, or that of a user or monitor of this member
    record Accepted(String name) implements Judgement {}

    /// It is refused.
    ///
    /// @param reason the kind of fault
    /// @param why a sentence for operators; it carries names and dates that the certificate states
    record Refused(Reason reason, String why) implements Judgement {}

    /// Why a certificate is refused.
    enum Reason {
        /// Its subject does not have exactly one common name.
        NAMELESS,
        /// It is that of somebody else than expected.
        ANOTHER_NAME,
        /// It is none of the pins of its name, and no authority named for its name issued it for this use.
        NOT_TRUSTED,
        /// It would be accepted, but its key, or a key or signature on its way to the authority, is too weak.
        WEAK,
        /// It would be accepted, but it is not valid yet.
        NOT_YET_VALID,
        /// It would be accepted, but it has expired.
        EXPIRED,
        /// A certificate between it and the authority, or the authority's own, is not valid yet.
        AUTHORITY_NOT_YET_VALID,
        /// A certificate between it and the authority, or the authority's own, has expired.
        AUTHORITY_EXPIRED
    }
}
