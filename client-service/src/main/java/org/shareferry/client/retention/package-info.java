// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Deleting what is no longer needed.
@NullMarked
package org.shareferry.client.retention;

import org.jspecify.annotations.NullMarked;
