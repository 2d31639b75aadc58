// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

/// One thing that a program does with its service.
public sealed interface Act {
    /// It delivers; or, in scheme input, it asks a client for inputs. Both take the next sequence number.
    ///
    /// @param output what is handed over
    record HandOver(Output output) implements Act {}

    /// It takes inputs.
    ///
    /// @param asked the sequence number under which it asked for them
    record Take(int asked) implements Act {}
}
