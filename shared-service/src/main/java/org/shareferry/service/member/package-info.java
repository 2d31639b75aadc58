// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Who we are, whom we know, and who calls.
@NullMarked
package org.shareferry.service.member;

import org.jspecify.annotations.NullMarked;
