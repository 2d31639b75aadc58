// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Reading files with a size limit.
@NullMarked
package org.shareferry.file;

import org.jspecify.annotations.NullMarked;
