// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Envelopes without their content: header, signature, id. This is all that a relay needs.
@NullMarked
package org.shareferry.envelope;

import org.jspecify.annotations.NullMarked;
