// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with JSON and CBOR that does not parse, in words.
@NullMarked
package org.shareferry.json;

import org.jspecify.annotations.NullMarked;
