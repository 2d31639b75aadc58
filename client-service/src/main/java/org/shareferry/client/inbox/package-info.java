// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Reception of bundles, and receipts for them.
@NullMarked
package org.shareferry.client.inbox;

import org.jspecify.annotations.NullMarked;
