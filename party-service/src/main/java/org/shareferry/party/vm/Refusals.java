// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.shareferry.party.handover.HandOverRefusal;

/// What the VM is told when a hand-over is refused.
final class Refusals {
    private Refusals() {}

    static DialogRefusedException of(HandOverRefusal why) {
        return switch (why) {
            case HandOverRefusal.RecipientUnknown unknown ->
                new DialogRefusedException(
                        VmRefusal.RECIPIENT, "The recipient " + unknown.recipient() + " is not in the roster.");
            case HandOverRefusal.PartiesUnfit unfit -> new DialogRefusedException(VmRefusal.PARTIES, unfit.detail());
            case HandOverRefusal.Unfit unfit -> new DialogRefusedException(VmRefusal.LENGTH, unfit.detail());
            case HandOverRefusal.SchemeNeedsVm needs -> new DialogRefusedException(VmRefusal.SCHEME);
            case HandOverRefusal.ChunkTooLarge large ->
                new DialogRefusedException(
                        VmRefusal.SIZE,
                        "A chunk has " + large.bytes() + " bytes where shareferry.party.chunk-limit allows "
                                + large.limit() + "; deliver in smaller chunks.");
            case HandOverRefusal.OtherFacts other ->
                new DialogRefusedException(
                        VmRefusal.DUPLICATE,
                        "A delivery of this id was handed over before, with other " + other.fields() + ".");
            case HandOverRefusal.UsedLongAgo used ->
                new DialogRefusedException(VmRefusal.DUPLICATE, "A delivery of this id was handed over long ago.");
            case HandOverRefusal.Ended ended ->
                new DialogRefusedException(
                        VmRefusal.DUPLICATE,
                        "A delivery of this id was handed over before and is " + ended.state() + ".");
            case HandOverRefusal.Busy busy -> new DialogRefusedException(VmRefusal.DUPLICATE, busy.detail());
            case HandOverRefusal.Dropped dropped ->
                new DialogRefusedException(
                        VmRefusal.STOPPING, "Nothing had happened in the hand-over for too long, and it was dropped.");
            case HandOverRefusal.KeyMissing missing -> new DialogRefusedException(VmRefusal.KEY, missing.why());
            case HandOverRefusal.Malformed malformed ->
                new DialogRefusedException(VmRefusal.LENGTH, malformed.detail());
        };
    }
}
