// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.time.Clock;
import java.util.List;

/// Commands of other modules, found by [java.util.ServiceLoader] when their jar is on the class path.
public interface MoreCommands {
    /// @param clock for the dates of certificates
    /// @return objects with picocli's annotation `Command`
    List<Object> commands(Clock clock);
}
