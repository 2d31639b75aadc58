// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Captured runs sent through real services on one machine.
@NullMarked
package org.shareferry.cli.demo;

import org.jspecify.annotations.NullMarked;
