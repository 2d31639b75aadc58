// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The database of a service.
@NullMarked
package org.shareferry.service.storage;

import org.jspecify.annotations.NullMarked;
