// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.check;

/// The result of a scheme's check of a whole delivery.
public enum CheckResult {
    /// Every relation holds; for additive, which has none, nothing failed.
    HELD,
    /// At least one relation does not hold.
    FAILED
}
