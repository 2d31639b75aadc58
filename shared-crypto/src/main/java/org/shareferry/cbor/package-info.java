// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Deterministic CBOR (RFC 8949 §4.2): every value has exactly one encoding.
@NullMarked
package org.shareferry.cbor;

import org.jspecify.annotations.NullMarked;
