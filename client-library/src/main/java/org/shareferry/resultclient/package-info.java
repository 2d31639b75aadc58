// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Exact, verified results of secure multi-party computations for Java applications, and private inputs.
/// Begin at [org.shareferry.resultclient.ResultClient].
@NullMarked
package org.shareferry.resultclient;

import org.jspecify.annotations.NullMarked;
