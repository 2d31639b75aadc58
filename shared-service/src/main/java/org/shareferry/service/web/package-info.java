// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Limits and conventions common to all controllers.
@NullMarked
package org.shareferry.service.web;

import org.jspecify.annotations.NullMarked;
