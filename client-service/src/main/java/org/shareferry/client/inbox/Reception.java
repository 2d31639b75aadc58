// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.util.Set;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;

/// What came of a bundle. Nothing here depends on a share: whether the output check holds is decided later,
/// and told to nobody but the client's own people.
public sealed interface Reception {
    /// It is stored now.
    ///
    /// @param receipt for it and the other bundles of its delivery that came in the same request
    record Received(SignedReceipt receipt) implements Reception {}

    /// It was stored before.
    ///
    /// @param receipt that was given then
    record ReceivedBefore(SignedReceipt receipt) implements Reception {}

    /// It will never be taken.
    record Refused(Refusal why) implements Reception {}

    /// Why a bundle is not taken.
    sealed interface Refusal {
        /// Headers disagree, with each other or with the delivery's earlier bundles.
        record FactsDiffer(Set<MemberName> members, Set<String> fields) implements Refusal {}

        /// Not exactly one envelope of each party.
        record Incomplete(Set<MemberName> missing, Set<MemberName> surplus) implements Refusal {}

        /// It is for someone else.
        record NotForUs(MemberName recipient) implements Refusal {}

        /// The parties are not those that our own configuration requires.
        record PartiesDiffer() implements Refusal {}

        /// Created later than now.
        record CreatedInTheFuture(MemberName sender) implements Refusal {}

        /// Created too long ago.
        record Expired(MemberName sender) implements Refusal {}

        /// Our roster does not pin the key that the header names.
        record SenderUnknown(MemberName sender) implements Refusal {}

        /// The signature does not verify.
        record SignatureWrong(MemberName sender) implements Refusal {}

        /// Sealed to a key that we do not have.
        record RecipientKeyUnknown(MemberName sender) implements Refusal {}

        /// The ciphertext does not open.
        record CiphertextWrong(MemberName sender) implements Refusal {}

        /// An earlier envelope of this sender for the delivery differs in enc, keys or creation time.
        record HandOversMixed(MemberName sender) implements Refusal {}

        /// Another envelope of this sender has the place.
        record Conflict() implements Refusal {}
    }
}
