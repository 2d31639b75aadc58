// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Backups of a member, and members made of backups.
@NullMarked
package org.shareferry.cli.backup;

import org.jspecify.annotations.NullMarked;
