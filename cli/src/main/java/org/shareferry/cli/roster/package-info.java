// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The file that pins all members.
@NullMarked
package org.shareferry.cli.roster;

import org.jspecify.annotations.NullMarked;
