// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Every answer that is not what was asked for.
@NullMarked
package org.shareferry.service.problem;

import org.jspecify.annotations.NullMarked;
