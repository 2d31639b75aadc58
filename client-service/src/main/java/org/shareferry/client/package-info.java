// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The client-service.
@NullMarked
package org.shareferry.client;

import org.jspecify.annotations.NullMarked;
