// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Members that get to know each other: a file from each, checked and compared by one digest.
@NullMarked
package org.shareferry.cli.join;

import org.jspecify.annotations.NullMarked;
