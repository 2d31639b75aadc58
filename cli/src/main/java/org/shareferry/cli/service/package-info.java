// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Talking to services as their member's user.
@NullMarked
package org.shareferry.cli.service;

import org.jspecify.annotations.NullMarked;
