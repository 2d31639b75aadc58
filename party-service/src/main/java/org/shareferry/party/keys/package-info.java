// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The clients' sealing keys, as the relay mirrors them and the roster vouches for them.
@NullMarked
package org.shareferry.party.keys;

import org.jspecify.annotations.NullMarked;
