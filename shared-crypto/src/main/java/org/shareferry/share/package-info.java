// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Arithmetic on shares in MP-SPDZ's domains, decoding, and re-randomisation.
@NullMarked
package org.shareferry.share;

import org.jspecify.annotations.NullMarked;
