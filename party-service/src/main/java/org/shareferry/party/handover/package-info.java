// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Taking share vectors over: the core that every way in uses, and the way in by REST.
@NullMarked
package org.shareferry.party.handover;

import org.jspecify.annotations.NullMarked;
