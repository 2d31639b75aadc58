// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Clients' answers to requests for inputs: downloaded from the relay and verified.
@NullMarked
package org.shareferry.party.input;

import org.jspecify.annotations.NullMarked;
