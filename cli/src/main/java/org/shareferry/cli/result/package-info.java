// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Results at a client.
@NullMarked
package org.shareferry.cli.result;

import org.jspecify.annotations.NullMarked;
