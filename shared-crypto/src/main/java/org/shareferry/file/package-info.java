// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Files of bounded size.
@NullMarked
package org.shareferry.file;

import org.jspecify.annotations.NullMarked;
