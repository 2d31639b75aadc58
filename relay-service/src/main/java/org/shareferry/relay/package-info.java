// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The relay.
@NullMarked
package org.shareferry.relay;

import org.jspecify.annotations.NullMarked;
