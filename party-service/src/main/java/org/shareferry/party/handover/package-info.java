// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Hand-over of share vectors: the core that REST and the VM's connector use.
@NullMarked
package org.shareferry.party.handover;

import org.jspecify.annotations.NullMarked;
