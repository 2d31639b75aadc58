// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
/// `shareferry module`: hands out the module that MP-SPDZ programs import.
@NullMarked
package org.shareferry.cli.module;

import org.jspecify.annotations.NullMarked;
