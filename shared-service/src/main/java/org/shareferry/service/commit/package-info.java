// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The order in which changes are committed, and waking who waits for the next.
@NullMarked
package org.shareferry.service.commit;

import org.jspecify.annotations.NullMarked;
