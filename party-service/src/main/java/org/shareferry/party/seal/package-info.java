// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Re-randomising and sealing: the only package that uses both plain shares and the sealing package.
@NullMarked
package org.shareferry.party.seal;

import org.jspecify.annotations.NullMarked;
