// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The order in which changes are committed, and waking threads that wait for the next one.
@NullMarked
package org.shareferry.service.commit;

import org.jspecify.annotations.NullMarked;
