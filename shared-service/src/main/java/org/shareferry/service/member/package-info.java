// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The own member, the roster, and the identity of callers.
@NullMarked
package org.shareferry.service.member;

import org.jspecify.annotations.NullMarked;
