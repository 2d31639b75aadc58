// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import org.shareferry.party.handover.HandOverRefusal;

/// Maps refusals of a hand-over to refusals of the dialog.
final class DialogRefusals {
    private DialogRefusals() {}

    static DialogRefusedException of(HandOverRefusal why) {
        return switch (why) {
            case HandOverRefusal.RecipientUnknown unknown ->
                new DialogRefusedException(
                        VmRefusal.RECIPIENT, "The recipient " + unknown.recipient() + " is not in the roster.");
            case HandOverRefusal.PartiesUnfit unfit -> new DialogRefusedException(VmRefusal.PARTIES, unfit.detail());
            case HandOverRefusal.Unfit unfit -> new DialogRefusedException(VmRefusal.LENGTH, unfit.detail());
            case HandOverRefusal.ChunkTooLarge large ->
                new DialogRefusedException(
                        VmRefusal.SIZE,
                        "A chunk has " + large.bytes() + " bytes; shareferry.party.chunk-limit allows " + large.limit()
                                + ". Deliver in smaller chunks.");
            case HandOverRefusal.OtherFacts other ->
                new DialogRefusedException(
                        VmRefusal.DUPLICATE,
                        "A delivery with this id was handed over before with different " + other.fields() + ".");
            case HandOverRefusal.UsedLongAgo used ->
                new DialogRefusedException(
                        VmRefusal.DUPLICATE, "A delivery with this id was handed over before and is already deleted.");
            case HandOverRefusal.Ended ended ->
                new DialogRefusedException(
                        VmRefusal.DUPLICATE,
                        "A delivery with this id was handed over before and is " + ended.state() + ".");
            case HandOverRefusal.Busy busy -> new DialogRefusedException(VmRefusal.DUPLICATE, busy.detail());
            case HandOverRefusal.Dropped dropped ->
                new DialogRefusedException(
                        VmRefusal.STOPPING, "The hand-over made no progress for too long and was dropped.");
            case HandOverRefusal.KeyMissing missing -> new DialogRefusedException(VmRefusal.KEY, missing.why());
        };
    }
}
