// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The connector to the party's own MP-SPDZ virtual machine: waits for it as a client, runs the dialog with the
/// module `shareferry.py` that the program imports, and hands over what it reads.
@NullMarked
package org.shareferry.party.vm;

import org.jspecify.annotations.NullMarked;
