// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Reading TLS certificates and private keys from PEM files, and checking that they match, for services, command
/// line and doctor.
@NullMarked
package org.shareferry.site.pem;

import org.jspecify.annotations.NullMarked;
