// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.pem;

/// Why a PEM file cannot be used.
public enum PemFault {
    /// There is no such file.
    MISSING,

    /// It is there, but cannot be read.
    UNREADABLE,

    /// It holds no certificate, or a damaged one.
    NO_CERTIFICATE,

    /// It holds no private key, or a damaged one.
    NO_KEY,

    /// Its private key is encrypted.
    ENCRYPTED,

    /// It holds a key or a certificate of a kind, or on a curve, that TLS cannot use here.
    UNSUPPORTED,

    /// Its private key belongs to another certificate.
    WRONG_PAIR
}
