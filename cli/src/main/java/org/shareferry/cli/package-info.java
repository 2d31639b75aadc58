// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The command shareferry.
@NullMarked
package org.shareferry.cli;

import org.jspecify.annotations.NullMarked;
