// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

/// What came of a scheme's check over a whole delivery.
public enum CheckResult {
    /// Every relation holds; for additive, which has none, nothing failed.
    HELD,
    /// At least one does not.
    FAILED
}
