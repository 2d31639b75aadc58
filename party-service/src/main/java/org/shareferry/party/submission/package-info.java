// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Submission of sealed envelopes to the relay, and the receipts from its feed.
@NullMarked
package org.shareferry.party.submission;

import org.jspecify.annotations.NullMarked;
