// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
/// What a client's signed envelopes prove.
@NullMarked
package org.shareferry.cli.evidence;

import org.jspecify.annotations.NullMarked;
