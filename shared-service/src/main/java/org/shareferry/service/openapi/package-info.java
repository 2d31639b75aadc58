// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The OpenAPI document.
@NullMarked
package org.shareferry.service.openapi;

import org.jspecify.annotations.NullMarked;
