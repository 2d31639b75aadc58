// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

/// The values of a result were deleted at the service, by a user or because of their age.
public final class ValuesDeletedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Result result;

    ValuesDeletedException(Result result) {
        super(result.valuesDeleted()
                .map(when -> "The values of delivery " + result.id() + " were deleted at " + when
                        + ". Its verdict is still known: "
                        + result.verdict().map(Verdict::name).orElse("none") + ".")
                .orElse("Delivery " + result.id() + " was deleted, with its values."));
        this.result = result;
    }

    /// @return the result whose values were deleted
    public Result result() {
        return result;
    }
}
