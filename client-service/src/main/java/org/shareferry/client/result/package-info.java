// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Results for the client's own users.
@NullMarked
package org.shareferry.client.result;

import org.jspecify.annotations.NullMarked;
