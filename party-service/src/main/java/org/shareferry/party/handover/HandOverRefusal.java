// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.member.MemberName;

/// Why a hand-over is refused. Nothing of it is kept.
public sealed interface HandOverRefusal {
    /// The roster has no such client.
    record RecipientUnknown(MemberName recipient) implements HandOverRefusal {}

    /// The set of parties is invalid for this party.
    /// @param detail the reason, for people
    /// @param members the parties concerned
    record PartiesUnfit(String detail, Set<MemberName> members) implements HandOverRefusal {}

    /// Facts and shares do not match.
    ///
    /// @param detail the reason, for people; it contains lengths and positions, never an element
    record Unfit(String detail) implements HandOverRefusal {}

    /// A chunk is larger than the limit.
    record ChunkTooLarge(long bytes, long limit) implements HandOverRefusal {}

    /// The id was used for a delivery with other facts.
    ///
    /// @param fields the facts that differ
    record OtherFacts(List<String> fields) implements HandOverRefusal {}

    /// The id, or a later one of its run, was used by a delivery that is already deleted.
    record UsedLongAgo() implements HandOverRefusal {}

    /// The delivery was handed over before and will not be delivered.
    ///
    /// @param state refused or expired
    /// @param why the reason, if there is one
    record Ended(String state, Optional<String> why) implements HandOverRefusal {}

    /// The same delivery is being handed over by another caller.
    ///
    /// @param detail the reason, for people
    record Busy(String detail) implements HandOverRefusal {}

    /// The hand-over made no progress for too long and was dropped.
    record Dropped() implements HandOverRefusal {}

    /// There is no valid key of the recipient.
    ///
    /// @param why the reason, for people
    record KeyMissing(String why) implements HandOverRefusal {}
}
