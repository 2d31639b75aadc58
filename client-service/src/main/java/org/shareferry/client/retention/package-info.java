// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Deletion of data whose retention has ended.
@NullMarked
package org.shareferry.client.retention;

import org.jspecify.annotations.NullMarked;
