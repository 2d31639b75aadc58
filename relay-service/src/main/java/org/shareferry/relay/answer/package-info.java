// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Returns clients' answers to requests for inputs to the parties that asked.
@NullMarked
package org.shareferry.relay.answer;

import org.jspecify.annotations.NullMarked;
