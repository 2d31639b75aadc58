// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Checks of the member's own certificates, key and trust.
@NullMarked
package org.shareferry.diagnostics.certificates;

import org.jspecify.annotations.NullMarked;
