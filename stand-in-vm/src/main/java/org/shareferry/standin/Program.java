// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.List;
import org.shareferry.delivery.Domain;
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

    /// @return what is delivered, in order
    List<Output> outputs();
}
