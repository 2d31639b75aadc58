// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// How a client checks what it reconstructs: five schemes and one verdict.
@NullMarked
package org.shareferry.check;

import org.jspecify.annotations.NullMarked;
