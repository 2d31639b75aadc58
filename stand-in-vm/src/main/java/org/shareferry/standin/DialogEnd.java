// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

/// How a stand-in's dialog ended.
public sealed interface DialogEnd {
    /// All was delivered and acknowledged, and all inputs were taken.
    ///
    /// @param deliveries the number of deliveries, asks and takes
    record Acknowledged(int deliveries) implements DialogEnd {}

    /// The service refused, and the program stopped.
    ///
    /// @param number the error
    record Stopped(long number) implements DialogEnd {}

    /// The connection broke, or the computation was aborted.
    ///
    /// @param message the number of the message before which this happened
    record Broken(int message) implements DialogEnd {}

    /// A client made the VM's process die.
    ///
    /// @param why the message that a real VM prints
    record Killed(String why) implements DialogEnd {}
}
