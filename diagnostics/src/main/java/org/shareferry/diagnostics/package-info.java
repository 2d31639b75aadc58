// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Diagnosis of a member's files, neighbours and storage. The command `shareferry doctor` prints the findings;
/// services run the same checks at their start and once an hour.
@NullMarked
package org.shareferry.diagnostics;

import org.jspecify.annotations.NullMarked;
