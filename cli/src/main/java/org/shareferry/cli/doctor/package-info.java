// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The doctor on the command line.
@NullMarked
package org.shareferry.cli.doctor;

import org.jspecify.annotations.NullMarked;
