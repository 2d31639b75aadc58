// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Requests to other members over mutual TLS.
@NullMarked
package org.shareferry.service.neighbour;

import org.jspecify.annotations.NullMarked;
