// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Showing results to the member's own people.
@NullMarked
package org.shareferry.client.result;

import org.jspecify.annotations.NullMarked;
