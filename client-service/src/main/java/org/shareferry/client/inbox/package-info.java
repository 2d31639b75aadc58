// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Taking bundles, and answering for them with receipts.
@NullMarked
package org.shareferry.client.inbox;

import org.jspecify.annotations.NullMarked;
