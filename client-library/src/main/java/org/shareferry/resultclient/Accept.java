// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

/// Which values an application takes.
public enum Accept {
    /// Those of a VERIFIED result only.
    VERIFIED_ONLY,
    /// Also those of an UNVERIFIED result, which nothing proves.
    UNVERIFIED_TOO;

    boolean takes(Result result) {
        return result.verdict()
                .filter(verdict ->
                        verdict == Verdict.VERIFIED || (verdict == Verdict.UNVERIFIED && this == UNVERIFIED_TOO))
                .isPresent();
    }
}
