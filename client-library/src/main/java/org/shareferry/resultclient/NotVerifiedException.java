// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

/// A result's values are not of the kind that the caller takes.
public final class NotVerifiedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    NotVerifiedException(Result result) {
        super("Delivery " + result.id() + " is "
                + result.verdict().map(Verdict::name).orElse(result.state())
                + (result.reasons().isEmpty() ? "." : ": " + String.join("; ", result.reasons()) + "."));
        this.result = result;
    }

    /// @return what is known of it
    public Result result() {
        return result;
    }
}
