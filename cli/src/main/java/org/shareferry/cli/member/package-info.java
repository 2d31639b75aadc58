// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// A member's own identity key.
@NullMarked
package org.shareferry.cli.member;

import org.jspecify.annotations.NullMarked;
