// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Makes bundles: one for each place, from the envelopes of all parties.
@NullMarked
package org.shareferry.relay.assembly;

import org.jspecify.annotations.NullMarked;
