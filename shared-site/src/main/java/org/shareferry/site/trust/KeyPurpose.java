// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

/// The role of a certificate's holder.
public enum KeyPurpose {
    /// TLS server: id-kp-serverAuth, RFC 5280 §4.2.1.12.
    SERVER("1.3.6.1.5.5.7.3.1"),
    /// TLS client: id-kp-clientAuth, RFC 5280 §4.2.1.12.
    CLIENT("1.3.6.1.5.5.7.3.2");

    private final String purpose;

    KeyPurpose(String purpose) {
        this.purpose = purpose;
    }

    /// @return the object identifier of its extended key usage
    String purpose() {
        return purpose;
    }
}
