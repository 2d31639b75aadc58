// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A client's sealing keys, their signed announcement, and key files on disk.
@NullMarked
package org.shareferry.keys;

import org.jspecify.annotations.NullMarked;
