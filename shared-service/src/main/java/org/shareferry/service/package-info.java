// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What the three services share: mutual TLS, members, problems, storage, OpenAPI.
@NullMarked
package org.shareferry.service;

import org.jspecify.annotations.NullMarked;
