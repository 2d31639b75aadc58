// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Telling parties in order what happens to their deliveries.
@NullMarked
package org.shareferry.relay.feed;

import org.jspecify.annotations.NullMarked;
