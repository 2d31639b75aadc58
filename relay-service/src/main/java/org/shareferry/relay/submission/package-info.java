// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Taking envelopes from parties.
@NullMarked
package org.shareferry.relay.submission;

import org.jspecify.annotations.NullMarked;
