// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.util.Arrays;

/// Keys of fixed length in DER: a constant prefix followed by the raw key.
final class FixedLengthKeys {
    private FixedLengthKeys() {}

    static Bytes join(Bytes prefix, Bytes raw) {
        var joined = Arrays.copyOf(prefix.shared(), prefix.size() + raw.size());
        System.arraycopy(raw.shared(), 0, joined, prefix.size(), raw.size());
        return Bytes.of(joined);
    }

    static SecretBytes withSeed(Bytes prefix, SecretBytes seed) {
        var joined = Arrays.copyOf(prefix.shared(), prefix.size() + seed.size());
        System.arraycopy(seed.reveal(), 0, joined, prefix.size(), seed.size());
        return SecretBytes.takeOver(joined);
    }

    static SecretBytes seedOf(SecretBytes pkcs8, Bytes prefix, int seedSize, String what) throws CryptoException {
        var der = pkcs8.reveal();
        if (der.length != prefix.size() + seedSize
                || !Arrays.equals(der, 0, prefix.size(), prefix.shared(), 0, prefix.size())) {
            throw new CryptoException("Not the PKCS#8 encoding of " + what + ".");
        }
        return SecretBytes.takeOver(Arrays.copyOfRange(der, prefix.size(), der.length));
    }
}
