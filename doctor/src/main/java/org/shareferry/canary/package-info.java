// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Records of canary runs, in which VMs of a protocol noticed that a party cheats. `shareferry canary` writes them, the
/// party-service and the doctor read them.
@NullMarked
package org.shareferry.canary;

import org.jspecify.annotations.NullMarked;
