// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Private inputs: giving them to a client's service, and listing requests.
@NullMarked
package org.shareferry.cli.input;

import org.jspecify.annotations.NullMarked;
