// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Problems: every response that is not a success.
@NullMarked
package org.shareferry.service.problem;

import org.jspecify.annotations.NullMarked;
