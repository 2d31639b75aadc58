// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The real services as real processes, asked with curl as a user would.
@NullMarked
package org.shareferry.endtoend;

import org.jspecify.annotations.NullMarked;
