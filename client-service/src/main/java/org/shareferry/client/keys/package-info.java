// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Opening keys and their announcement.
@NullMarked
package org.shareferry.client.keys;

import org.jspecify.annotations.NullMarked;
