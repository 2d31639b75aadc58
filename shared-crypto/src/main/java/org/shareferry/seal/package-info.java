// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Sealing of shares to a client, and opening them there.
@NullMarked
package org.shareferry.seal;

import org.jspecify.annotations.NullMarked;
