// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Work that must be done though the service stops in the middle of it: rows in the service's own database,
/// taken up again by whoever runs next.
@NullMarked
package org.shareferry.service.work;

import org.jspecify.annotations.NullMarked;
