// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

/// Why a PEM file cannot be used.
public enum PemFault {
    /// There is no such file.
    MISSING,

    /// It exists, but cannot be read.
    UNREADABLE,

    /// It contains no certificate, or a damaged one.
    NO_CERTIFICATE,

    /// It contains no private key, or a damaged one.
    NO_KEY,

    /// Its private key is encrypted.
    ENCRYPTED,

    /// It contains a key or certificate of a kind or on a curve that TLS does not support here.
    UNSUPPORTED,

    /// Its private key belongs to another certificate.
    WRONG_PAIR
}
