// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

/// A failed command. Its text is one sentence for the user: what is wrong,
/// where, and what to do.
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String sentence;

    /// @param sentence what is wrong, where, and what to do
    public CommandException(String sentence) {
        super(sentence);
        this.sentence = sentence;
    }

    /// @param sentence what is wrong, where, and what to do
    /// @param cause shown with `--verbose` only
    public CommandException(String sentence, Throwable cause) {
        super(sentence, cause);
        this.sentence = sentence;
    }

    /// @return what is wrong, where, and what to do
    public String sentence() {
        return sentence;
    }
}
