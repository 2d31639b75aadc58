// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.time.Clock;
import java.util.List;
import org.shareferry.cli.MoreCommands;

/// Adds `bench` to the command line.
public final class BenchCommands implements MoreCommands {
    @Override
    public List<Object> commands(Clock clock) {
        return List.of(new BenchCommand(clock));
    }
}
