// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// What a client answers when parties ask it for private inputs.
@NullMarked
package org.shareferry.input;

import org.jspecify.annotations.NullMarked;
