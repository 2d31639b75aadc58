// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Tells an application of new results and open requests, by signed requests to its address.
@NullMarked
package org.shareferry.client.webhook;

import org.jspecify.annotations.NullMarked;
