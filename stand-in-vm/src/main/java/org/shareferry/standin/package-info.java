// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A stand-in for the virtual machines of MP-SPDZ: what a party-service sees of one, byte for byte, without a
/// computation behind it. It holds the shares of all parties in one process, so it is for demonstrations and
/// tests only.
@NullMarked
package org.shareferry.standin;

import org.jspecify.annotations.NullMarked;
