// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Properties of a delivery: id, domain, scheme, shape, and the places of its envelopes.
@NullMarked
package org.shareferry.delivery;

import org.jspecify.annotations.NullMarked;
