// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Batches: many envelopes or bundles in one request, each with its own outcome.
@NullMarked
package org.shareferry.service.batch;

import org.jspecify.annotations.NullMarked;
