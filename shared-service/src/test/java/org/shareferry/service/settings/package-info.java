// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Writes the reference of all settings from the records that hold them.
@NullMarked
package org.shareferry.service.settings;

import org.jspecify.annotations.NullMarked;
