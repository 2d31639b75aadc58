// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What clients answer when a VM asks for their inputs: fetched from the relay and judged here.
@NullMarked
package org.shareferry.party.input;

import org.jspecify.annotations.NullMarked;
