// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Clients' answers to requests for private inputs.
@NullMarked
package org.shareferry.input;

import org.jspecify.annotations.NullMarked;
