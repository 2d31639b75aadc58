// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Serialization of the project's types in JSON and CBOR.
@NullMarked
package org.shareferry.service.json;

import org.jspecify.annotations.NullMarked;
