// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Tests of the client-library with the service that it asks.
@NullMarked
package org.shareferry.resultclient;

import org.jspecify.annotations.NullMarked;
