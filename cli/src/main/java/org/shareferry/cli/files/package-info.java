// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Files that commands create: existing files are not overwritten, and secret ones are readable for their owner only.
@NullMarked
package org.shareferry.cli.files;

import org.jspecify.annotations.NullMarked;
