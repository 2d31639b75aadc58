// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.IOException;
import java.io.OutputStream;
import org.shareferry.crypto.Bytes;

/// How a VM behaves. Every method is honest unless overridden.
public interface FaultInjection {
    /// As a VM whose program imports the module.
    FaultInjection NO_FAULTS = new FaultInjection() {};

    /// What a message, or what is told to another party, is about.
    enum Step {
        SPECIFICATION,
        GREETING,
        KIND,
        KEYS,
        HEAD,
        ELEMENTS,
        TAIL,
        MASKS,
        COMMITMENT,
        COIN_SHARE,
        COMBINATIONS,
        TAKE,
        ANSWER,
        MASKED
    }

    /// Where in the dialog a message stands.
    ///
    /// @param step what it is about
    /// @param delivery which delivery or request, from 0; -1 before the first
    /// @param chunk which chunk; 0 where there is none
    record Position(Step step, int delivery, int chunk) {}

    /// @param content what an honest VM sends to its service
    /// @return what is sent
    default Bytes sends(Position position, Bytes content) {
        return content;
    }

    /// @param to the party told
    /// @param content what an honest VM passes on to the other: keys, digest with commitment, coin share, or
    ///     digest of an answer
    /// @return what is passed on
    default Bytes tells(Position position, int to, Bytes content) {
        return content;
    }

    /// @param content a clear element vector that everyone opens; honest: the party's share of it
    /// @return the party's share
    default Bytes opens(Position position, Bytes content) {
        return content;
    }

    /// @param content masked inputs as the service handed them to the VM
    /// @return what the VM computes with: something else stands for a service that altered them
    default Bytes receives(Position position, Bytes content) {
        return content;
    }

    /// Called before each message in either direction.
    ///
    /// @param number of the message, from 0
    /// @return whether to cut the connection here
    default boolean cutsBefore(int number) {
        return false;
    }

    /// @param wire towards the service
    /// @return how bytes are written to it
    default OutputStream wire(OutputStream wire) throws IOException {
        return wire;
    }

    /// Called where a program may accept clients of its own: before the first delivery, ask or take, between two, and
    /// after the last.
    ///
    /// @param done how many of them were done
    default void betweenDeliveries(int done) throws IOException {}

    /// Called after a client has said who it is, before it is accepted.
    default void accepting() throws InterruptedException {}
}
