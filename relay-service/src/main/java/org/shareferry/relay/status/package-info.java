// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The status of deliveries, for members.
@NullMarked
package org.shareferry.relay.status;

import org.jspecify.annotations.NullMarked;
