// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// TLS certificates of members.
@NullMarked
package org.shareferry.cli.certificate;

import org.jspecify.annotations.NullMarked;
