// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;

/// One party's part of a computation: what its VM will hand over.
public interface Program {
    /// @return where the shares live
    Domain domain();

    /// @return the run's id, equal at all parties
    RunId run();

    /// @return the party's number
    int party();

    /// @return N
    int parties();

    /// @return what the VM runs: by default the usual one over this domain
    default Protocol protocol() {
        return Protocol.usualIn(domain());
    }

    /// @return t, how many corrupt parties the protocol bears
    default int threshold() {
        return protocol().threshold(parties()).orElseThrow();
    }

    /// @return bytes that the VM writes for one share with all that belongs to it
    default int wholeShareBytes() {
        return protocol().elementsInShare().orElse(1) * domain().elementBytes();
    }

    /// @return what is delivered, in order
    List<Output> outputs();

    /// @return what the program does, in order: by default it delivers its outputs
    default List<Act> acts() {
        return outputs().stream().<Act>map(Act.HandOver::new).toList();
    }

    /// Takes masked inputs, whose random values it handed over.
    ///
    /// @param asked the sequence number under which it asked for them
    /// @param chunk which chunk
    /// @param masked clear elements in the size of shares
    default void taken(int asked, int chunk, Bytes masked) {}
}
