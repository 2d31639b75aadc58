// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The outside of an envelope: header, signature, id. All that a relay needs, and nothing that opens one.
@NullMarked
package org.shareferry.envelope;

import org.jspecify.annotations.NullMarked;
