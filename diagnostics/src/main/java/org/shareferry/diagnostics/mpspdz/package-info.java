// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Checks of the files and the port of MP-SPDZ's VMs.
@NullMarked
package org.shareferry.diagnostics.mpspdz;

import org.jspecify.annotations.NullMarked;
