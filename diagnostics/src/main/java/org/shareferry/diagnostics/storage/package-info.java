// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Checks of the database and of the member's files.
@NullMarked
package org.shareferry.diagnostics.storage;

import org.jspecify.annotations.NullMarked;
