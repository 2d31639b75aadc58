// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Private inputs for parties that ask for them: what waits, what was asked, and what was answered.
@NullMarked
package org.shareferry.client.input;

import org.jspecify.annotations.NullMarked;
