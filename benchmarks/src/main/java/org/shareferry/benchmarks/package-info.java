// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// How fast the pieces are, each beside something it can be compared with in the same run: absolute figures of one
/// machine say little on another.
package org.shareferry.benchmarks;
