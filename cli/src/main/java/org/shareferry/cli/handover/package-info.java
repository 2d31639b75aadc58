// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Share vectors as files for REST: made by a dealer for trying out, and opened again.
@NullMarked
package org.shareferry.cli.handover;

import org.jspecify.annotations.NullMarked;
