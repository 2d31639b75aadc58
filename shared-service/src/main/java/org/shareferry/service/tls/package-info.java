// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The TLS files of this member, and their use for incoming and outgoing connections.
@NullMarked
package org.shareferry.service.tls;

import org.jspecify.annotations.NullMarked;
