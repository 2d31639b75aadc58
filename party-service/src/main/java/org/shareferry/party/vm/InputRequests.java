// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.HashMap;
import java.util.Map;
import org.shareferry.mpspdz.DialogHead;
import org.shareferry.party.input.InputRequest;

/// The inputs that a program asked for on this connection and has not taken yet. Not thread-safe.
final class InputRequests {
    private final Map<DialogHead, InputRequest> open = new HashMap<>();

    /// @param head of the VM's ask
    void add(DialogHead head, InputRequest request) {
        open.put(taking(head), request);
    }

    private static DialogHead taking(DialogHead head) {
        return new DialogHead(
                head.sequence(),
                head.client(),
                DialogHead.TAKE,
                head.count(),
                head.valuesPerChunk(),
                head.precision(),
                head.label(),
                head.bits());
    }

    /// @param head of the VM's take
    /// @return the ask with the same words; it can be taken once
    /// @throws DialogRefusedException when there is no such ask, or it was already taken
    InputRequest take(DialogHead head) throws DialogRefusedException {
        var request = open.remove(head);
        if (request == null) {
            throw new DialogRefusedException(
                    VmRefusal.INPUT_NOT_ASKED,
                    "The VM takes inputs under number " + head.sequence()
                            + " that it did not ask for on this connection, asked for with other parameters, or has"
                            + " already taken.");
        }
        return request;
    }
}
