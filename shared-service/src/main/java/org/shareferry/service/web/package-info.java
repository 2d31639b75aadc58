// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What all controllers rely on.
@NullMarked
package org.shareferry.service.web;

import org.jspecify.annotations.NullMarked;
