// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The client's checks of reconstructed values: the schemes and the verdict.
@NullMarked
package org.shareferry.check;

import org.jspecify.annotations.NullMarked;
