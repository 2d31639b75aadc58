// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import org.shareferry.cli.CommandException;

/// Measures one row and adds its figures.
interface Measurement {
    /// @throws CommandException when it cannot be measured to its end
    void measure(Bench bench) throws CommandException, InterruptedException;
}
