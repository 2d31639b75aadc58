// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What commands print.
@NullMarked
package org.shareferry.cli.output;

import org.jspecify.annotations.NullMarked;
