// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Carrying sealed envelopes to the relay, and the client's receipts back.
@NullMarked
package org.shareferry.party.submission;

import org.jspecify.annotations.NullMarked;
