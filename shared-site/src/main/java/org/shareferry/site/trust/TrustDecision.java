// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

/// The result of checking a certificate.
public sealed interface TrustDecision {
    /// It is accepted.
    ///
    /// @param name the name in the certificate: of a member, or of a user or monitor of this member
    record Accepted(String name) implements TrustDecision {}

    /// It is refused.
    ///
    /// @param reason the kind of fault
    /// @param why the reason for operators, with names and dates from the certificate
    record Refused(Reason reason, String why) implements TrustDecision {}

    /// Why a certificate is refused.
    enum Reason {
        /// Its subject does not have exactly one common name.
        NAMELESS,
        /// It is for another name than expected.
        ANOTHER_NAME,
        /// It is not a pin of its name, and no authority for its name issued it for this use.
        NOT_TRUSTED,
        /// It would be accepted, but a key or signature in its path is too weak.
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
