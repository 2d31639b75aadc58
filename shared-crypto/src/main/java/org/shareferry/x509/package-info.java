// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
/// Reading X.509 certificates (RFC 5280) from their bytes.
@NullMarked
package org.shareferry.x509;

import org.jspecify.annotations.NullMarked;
