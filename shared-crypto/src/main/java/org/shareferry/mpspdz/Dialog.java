// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

/// What a VM and its party-service must agree on before anything else.
public final class Dialog {
    /// The first word of the greeting.
    public static final long MAGIC = 0x52524546L;

    /// The second word of the greeting: the version of the dialog. Only this one is spoken.
    public static final long VERSION = 2;

    /// Words of the secret that the service tells with its keys, and again after them and after each delivery.
    public static final int SECRET_WORDS = 2;

    private Dialog() {}
}
