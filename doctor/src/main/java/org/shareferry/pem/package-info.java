// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0

/// Certificates and private keys of TLS in PEM files: one reader, and one check whether both belong together, for
/// services, command line and doctor.
@NullMarked
package org.shareferry.pem;

import org.jspecify.annotations.NullMarked;
