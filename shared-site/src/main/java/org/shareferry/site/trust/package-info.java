// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// The TLS certificates that a member accepts, and for which names. Services use it for both directions of a
/// connection, and the doctor uses it too.
@NullMarked
package org.shareferry.site.trust;

import org.jspecify.annotations.NullMarked;
