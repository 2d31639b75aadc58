// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

@NullMarked
package org.shareferry.client.webhook;

import org.jspecify.annotations.NullMarked;
