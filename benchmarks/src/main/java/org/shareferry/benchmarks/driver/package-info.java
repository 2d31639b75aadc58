// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// `shareferry bench`: services as processes over real mutual TLS, measured from outside, and every figure beside
/// what the same machine did in the same run without them.
@NullMarked
package org.shareferry.benchmarks.driver;

import org.jspecify.annotations.NullMarked;
