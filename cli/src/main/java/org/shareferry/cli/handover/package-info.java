// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Share vectors as files for REST: created by a dealer for tests, and reconstructed.
@NullMarked
package org.shareferry.cli.handover;

import org.jspecify.annotations.NullMarked;
