// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What this client can say of its relay: when it was last in contact, and what is on its way there.
@NullMarked
package org.shareferry.client.relay;

import org.jspecify.annotations.NullMarked;
