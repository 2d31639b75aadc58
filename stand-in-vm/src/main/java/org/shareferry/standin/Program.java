// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;

/// One party's part of a computation: the values that its VM hands over.
public interface Program {
    /// @return the domain of the shares
    Domain domain();

    /// @return the run's id, the same at all parties
    RunId run();

    /// @return the party's number
    int party();

    /// @return N
    int parties();

    /// @return the VM's protocol; by default the most common one for this domain
    default Protocol protocol() {
        return Protocol.usualIn(domain());
    }

    /// @return t, the number of corrupt parties that the protocol tolerates
    default int threshold() {
        return protocol().threshold(parties()).orElseThrow();
    }

    /// @return the size of one whole share, in bytes
    default int wholeShareBytes() {
        return protocol().elementsInShare().orElse(1) * domain().elementBytes();
    }

    /// @return the deliveries, in order
    List<Output> outputs();

    /// @return the actions of the program, in order; by default it delivers its outputs
    default List<ProgramAction> actions() {
        return outputs().stream()
                .<ProgramAction>map(ProgramAction.HandOver::new)
                .toList();
    }

    /// Takes masked inputs.
    ///
    /// @param asked the sequence number of the request
    /// @param chunk index of the chunk
    /// @param masked clear elements in the size of shares
    default void taken(int asked, int chunk, Bytes masked) {}
}
