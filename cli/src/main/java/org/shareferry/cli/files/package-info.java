// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Files that commands make: never over others, and secret ones for their owner only.
@NullMarked
package org.shareferry.cli.files;

import org.jspecify.annotations.NullMarked;
