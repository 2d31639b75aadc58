// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Hand-over by REST: reads a body as a stream and translates refusals to problems.
@NullMarked
package org.shareferry.party.handover.rest;

import org.jspecify.annotations.NullMarked;
