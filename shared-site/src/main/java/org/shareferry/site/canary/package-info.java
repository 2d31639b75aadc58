// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Records of passed canary runs, which show that the VMs of a protocol notice a cheating party. `shareferry canary`
/// writes them; the party-service and the doctor read them.
@NullMarked
package org.shareferry.site.canary;

import org.jspecify.annotations.NullMarked;
