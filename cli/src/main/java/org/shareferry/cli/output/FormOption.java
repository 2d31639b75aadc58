// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.output;

import picocli.CommandLine.Option;

/// The option for the output format: for people, or for programs.
@SuppressWarnings("NullAway.Init") // picocli sets the field before a command runs
public final class FormOption {
    /// How something is printed.
    public enum Form {
        /// For people.
        TABLE,
        /// For programs, labels as strings.
        JSON
    }

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            paramLabel = "FORM",
            description = "table, or json for programs (${DEFAULT-VALUE}).")
    private Form form;

    /// @return whether it is for programs
    public boolean isJson() {
        return form == Form.JSON;
    }
}
