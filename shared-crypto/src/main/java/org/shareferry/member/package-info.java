// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Members (parties, the relay, clients), and the roster that pins their keys.
@NullMarked
package org.shareferry.member;

import org.jspecify.annotations.NullMarked;
