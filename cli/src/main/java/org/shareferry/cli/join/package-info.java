// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Joining members: each sends an invite, which is checked; people compare one digest.
@NullMarked
package org.shareferry.cli.join;

import org.jspecify.annotations.NullMarked;
