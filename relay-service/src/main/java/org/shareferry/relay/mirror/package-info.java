// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Key announcements of clients, for parties.
@NullMarked
package org.shareferry.relay.mirror;

import org.jspecify.annotations.NullMarked;
