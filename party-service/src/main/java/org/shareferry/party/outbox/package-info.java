// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The outbox: deliveries and their sealed envelopes in the database.
@NullMarked
package org.shareferry.party.outbox;

import org.jspecify.annotations.NullMarked;
