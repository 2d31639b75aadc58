// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import java.util.Set;
import org.shareferry.member.MemberName;
import org.shareferry.receipt.SignedReceipt;

/// The result of receiving a bundle. It does not depend on shares: the output check is made later, and only the
/// client's own users see its verdict.
public sealed interface BundleOutcome {
    /// The bundle is stored now.
    ///
    /// @param receipt for it and the other bundles of its delivery in the same request
    record Received(SignedReceipt receipt) implements BundleOutcome {}

    /// The bundle was stored before.
    ///
    /// @param receipt from then
    record ReceivedBefore(SignedReceipt receipt) implements BundleOutcome {}

    /// The bundle is refused.
    record Refused(Refusal why) implements BundleOutcome {}

    /// Why a bundle is refused.
    sealed interface Refusal {
        /// Headers disagree, with each other or with the delivery's earlier bundles.
        record FactsDiffer(Set<MemberName> members, Set<String> fields) implements Refusal {}

        /// There is not exactly one envelope of each party.
        record Incomplete(Set<MemberName> missing, Set<MemberName> surplus) implements Refusal {}

        /// It is for another client.
        record NotForUs(MemberName recipient) implements Refusal {}

        /// The parties are not a configured set of this client.
        record PartiesDiffer() implements Refusal {}

        /// An envelope's creation time is in the future.
        record CreatedInTheFuture(MemberName sender) implements Refusal {}

        /// An envelope was created too long ago.
        record Expired(MemberName sender) implements Refusal {}

        /// The roster does not pin the identity key in the header.
        record SenderUnknown(MemberName sender) implements Refusal {}

        /// The signature does not verify.
        record SignatureWrong(MemberName sender) implements Refusal {}

        /// An envelope is sealed to an unknown key.
        record RecipientKeyUnknown(MemberName sender) implements Refusal {}

        /// A ciphertext cannot be decrypted.
        record CiphertextWrong(MemberName sender) implements Refusal {}

        /// An earlier envelope of this sender for the delivery differs in enc, keys or creation time.
        record HandOversMixed(MemberName sender) implements Refusal {}

        /// A different envelope of a sender is stored at this place.
        record Conflict() implements Refusal {}
    }
}
