// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Receipts: signed statements of a client that it has stored bundles.
@NullMarked
package org.shareferry.receipt;

import org.jspecify.annotations.NullMarked;
