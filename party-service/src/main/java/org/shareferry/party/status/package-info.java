// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The status of deliveries.
@NullMarked
package org.shareferry.party.status;

import org.jspecify.annotations.NullMarked;
