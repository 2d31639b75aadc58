// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Which TLS certificates a member accepts, for which names. The services, for both directions of a connection, and
/// the doctor ask here and nowhere else.
@NullMarked
package org.shareferry.trust;

import org.jspecify.annotations.NullMarked;
