// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The TLS files of this member, and what the container and outgoing connections make of them.
@NullMarked
package org.shareferry.service.tls;

import org.jspecify.annotations.NullMarked;
