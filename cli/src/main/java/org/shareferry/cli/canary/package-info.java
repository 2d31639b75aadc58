// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// `shareferry canary`: runs a program on all VMs of a protocol that shows whether they notice a party that cheats.
@NullMarked
package org.shareferry.cli.canary;

import org.jspecify.annotations.NullMarked;
