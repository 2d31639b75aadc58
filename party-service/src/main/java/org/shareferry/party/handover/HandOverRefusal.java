// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.member.MemberName;

/// Why a hand-over is not taken. Nothing of it stays.
public sealed interface HandOverRefusal {
    /// The roster has no such client.
    record RecipientUnknown(MemberName recipient) implements HandOverRefusal {}

    /// The set of parties is not one that this party can belong to.
    ///
    /// @param detail a sentence
    /// @param members whom it concerns
    record PartiesUnfit(String detail, Set<MemberName> members) implements HandOverRefusal {}

    /// Facts or shares do not fit one another.
    ///
    /// @param detail a sentence that tells lengths and positions, never an element
    record Unfit(String detail) implements HandOverRefusal {}

    /// The scheme needs a dialog that this way in does not have.
    record SchemeNeedsVm() implements HandOverRefusal {}

    /// A chunk has more bytes than this service holds in memory at once.
    record ChunkTooLarge(long bytes, long limit) implements HandOverRefusal {}

    /// The id was used for a delivery with other facts.
    ///
    /// @param fields the facts that differ
    record OtherFacts(List<String> fields) implements HandOverRefusal {}

    /// The id was used for a delivery that is deleted by now, or a later one of its run was.
    record UsedLongAgo() implements HandOverRefusal {}

    /// The delivery was handed over before and will not be delivered.
    ///
    /// @param state refused or expired
    /// @param why the reason that was given, if there was one
    record Ended(String state, Optional<String> why) implements HandOverRefusal {}

    /// The same delivery is being handed over by someone else right now.
    ///
    /// @param detail a sentence
    record Busy(String detail) implements HandOverRefusal {}

    /// Nothing had happened in the hand-over for too long, and it was dropped.
    record Dropped() implements HandOverRefusal {}

    /// There is no key to seal to now.
    ///
    /// @param why a sentence
    record KeyMissing(String why) implements HandOverRefusal {}

    /// The request has not the form of a hand-over.
    ///
    /// @param detail a sentence
    record Malformed(String detail) implements HandOverRefusal {}
}
