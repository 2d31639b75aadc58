// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Marks deliveries as expired, and deletes what is no longer needed.
@NullMarked
package org.shareferry.relay.retention;

import org.jspecify.annotations.NullMarked;
