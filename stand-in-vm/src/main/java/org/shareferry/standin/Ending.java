// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

/// How a stand-in's dialog came to its end.
public sealed interface Ending {
    /// All was delivered and acknowledged, and all inputs were taken.
    ///
    /// @param deliveries how many, with the asks and takes
    record Acknowledged(int deliveries) implements Ending {}

    /// The service told the program to stop.
    ///
    /// @param number the error
    record Stopped(long number) implements Ending {}

    /// The connection broke, or the computation did.
    ///
    /// @param message the number of the message before which it did
    record Broken(int message) implements Ending {}

    /// A client behaved so that a real VM's process dies.
    ///
    /// @param why what a real VM prints
    record Killed(String why) implements Ending {}
}
