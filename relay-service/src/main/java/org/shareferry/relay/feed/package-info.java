// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The feed: events of deliveries for their parties, in commit order.
@NullMarked
package org.shareferry.relay.feed;

import org.jspecify.annotations.NullMarked;
