// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.IOException;
import java.io.OutputStream;
import org.shareferry.crypto.Bytes;

/// Changes the behaviour of a stand-in VM. By default every method behaves honestly.
public interface FaultInjection {
    /// The honest behaviour.
    FaultInjection NO_FAULTS = new FaultInjection() {};

    /// The content of a message to the service or to another party.
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

    /// The position of a message in the dialog.
    ///
    /// @param step the content of the message
    /// @param delivery index of the delivery or request, from 0; -1 before the first
    /// @param chunk index of the chunk; 0 if there is none
    record Position(Step step, int delivery, int chunk) {}

    /// @param content that an honest VM sends to its service
    /// @return the content to send
    default Bytes sends(Position position, Bytes content) {
        return content;
    }

    /// @param to the receiving party
    /// @param content that an honest VM sends to the other: keys, digest with commitment, coin share, or digest of
    ///     an answer
    /// @return the content to send
    default Bytes tells(Position position, int to, Bytes content) {
        return content;
    }

    /// @param content the party's share of an element vector that is opened
    /// @return the share to use
    default Bytes opens(Position position, Bytes content) {
        return content;
    }

    /// @param content masked inputs from the service
    /// @return the inputs to compute with; a change simulates a service that altered them
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

    /// @param stream to the service
    /// @return the stream to write to
    default OutputStream writesTo(OutputStream stream) throws IOException {
        return stream;
    }

    /// Called where a program may accept its own clients: before the first delivery, ask or take, between two, and
    /// after the last.
    ///
    /// @param done the number of completed ones
    default void betweenDeliveries(int done) throws IOException {}

    /// Called after a client has sent its number, before it is accepted.
    default void accepting() throws InterruptedException {}
}
