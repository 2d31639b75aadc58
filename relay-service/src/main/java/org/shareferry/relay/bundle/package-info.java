// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Bringing bundles to clients and receipts back.
@NullMarked
package org.shareferry.relay.bundle;

import org.jspecify.annotations.NullMarked;
