// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/// A certificate with its private key.
///
/// @param certificate whose subject's CN is the member's name
/// @param key the private half, EC P-256
record TlsIdentity(X509Certificate certificate, PrivateKey key) {
    @Override
    public String toString() {
        return "certificate and key of " + certificate.getSubjectX500Principal();
    }
}
