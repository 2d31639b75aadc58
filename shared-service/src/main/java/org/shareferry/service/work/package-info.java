// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Work that survives a restart: rows in the service's database, continued by the next process.
@NullMarked
package org.shareferry.service.work;

import org.jspecify.annotations.NullMarked;
