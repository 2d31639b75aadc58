// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Submission of envelopes by parties.
@NullMarked
package org.shareferry.relay.submission;

import org.jspecify.annotations.NullMarked;
