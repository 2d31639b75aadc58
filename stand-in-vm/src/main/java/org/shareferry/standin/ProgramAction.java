// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

/// One action of a program with its service.
public sealed interface ProgramAction {
    /// It delivers or, in scheme input, asks a client for inputs. Both use the next sequence number.
    /// @param output to hand over
    record HandOver(Output output) implements ProgramAction {}

    /// It takes inputs.
    ///
    /// @param asked the sequence number of the request
    record Take(int asked) implements ProgramAction {}
}
