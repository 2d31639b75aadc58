// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The types of the project in JSON and CBOR.
@NullMarked
package org.shareferry.service.json;

import org.jspecify.annotations.NullMarked;
