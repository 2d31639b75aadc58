// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A client's signed receipts.
@NullMarked
package org.shareferry.cli.receipt;

import org.jspecify.annotations.NullMarked;
