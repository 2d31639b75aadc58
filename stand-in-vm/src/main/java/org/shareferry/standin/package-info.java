// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A stand-in for MP-SPDZ's virtual machines: it behaves towards a party-service like a real VM, byte for byte, but
/// without a computation. It has the shares of all parties in one process, so it is for demonstrations and tests
/// only.
@NullMarked
package org.shareferry.standin;

import org.jspecify.annotations.NullMarked;
