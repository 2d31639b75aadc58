// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Formats of MP-SPDZ: the specification message and captured dialogs; its rules for certificates.
@NullMarked
package org.shareferry.mpspdz;

import org.jspecify.annotations.NullMarked;
