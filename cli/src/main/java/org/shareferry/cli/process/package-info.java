// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Services of a deployment as processes of this one.
@NullMarked
package org.shareferry.cli.process;

import org.jspecify.annotations.NullMarked;
