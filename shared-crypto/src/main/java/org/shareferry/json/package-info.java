// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Error messages for malformed JSON and CBOR.
@NullMarked
package org.shareferry.json;

import org.jspecify.annotations.NullMarked;
