// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The clients' sealing keys, fetched from the relay and verified with the roster.
@NullMarked
package org.shareferry.party.keys;

import org.jspecify.annotations.NullMarked;
