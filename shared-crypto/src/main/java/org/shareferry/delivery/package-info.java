// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What a delivery is: its id, domain, scheme, and the places its envelopes fill.
@NullMarked
package org.shareferry.delivery;

import org.jspecify.annotations.NullMarked;
