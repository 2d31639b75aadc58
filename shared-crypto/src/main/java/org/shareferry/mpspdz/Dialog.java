// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

/// Constants of the dialog between a VM and its party-service.
public final class Dialog {
    /// The first word of the greeting.
    public static final long MAGIC = 0x52524546L;

    /// The second word of the greeting: the version of the dialog. No other version is supported.
    public static final long VERSION = 2;

    /// The number of words of the secret that the service sends with its keys, again after them, and after each
    /// delivery.
    public static final int SECRET_WORDS = 2;

    private Dialog() {}
}
