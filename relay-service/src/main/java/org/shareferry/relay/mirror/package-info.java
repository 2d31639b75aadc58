// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Carrying key announcements of clients to parties.
@NullMarked
package org.shareferry.relay.mirror;

import org.jspecify.annotations.NullMarked;
