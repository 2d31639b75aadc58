// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// HKDF-SHA256 (RFC 5869) of the JDK.
public final class Hkdf {
    private Hkdf() {}

    /// Derives a key for one purpose.
    ///
    /// @param inputKey secret and unpredictable, of any size; closed by the caller
    /// @param label the purpose of the key
    /// @param parts bound to the key; label and parts are length-prefixed
    /// @param size the number of bytes, at most 8160
    /// @return the key; the caller closes it
    public static SecretBytes derive(SecretBytes inputKey, String label, List<Bytes> parts, int size) {
        return derive(inputKey, Bytes.empty(), Framing.lengthPrefixed(Bytes.ascii(label), parts), size);
    }

    /// RFC 5869 §2.3: `HKDF-Expand`.
    ///
    /// @param key pseudo-random, 32 bytes; closed by the caller
    /// @param info the purpose of the output
    /// @param size the number of bytes, at most 8160
    /// @return the output; the caller closes it
    static SecretBytes expand(SecretBytes key, Bytes info, int size) {
        try {
            var spec = HKDFParameterSpec.expandOnly(new SecretKeySpec(key.reveal(), "HKDF"), info.shared(), size);
            return SecretBytes.takeOver(KDF.getInstance("HKDF-SHA256").deriveData(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 of this Java platform failed.", e);
        }
    }

    /// RFC 5869 §2: extract with `salt`, expand with `info`.
    static SecretBytes derive(SecretBytes inputKey, Bytes salt, Bytes info, int size) {
        try {
            var kdf = KDF.getInstance("HKDF-SHA256");
            var spec = HKDFParameterSpec.ofExtract()
                    .addIKM(inputKey.reveal())
                    .addSalt(salt.shared())
                    .thenExpand(info.shared(), size);
            return SecretBytes.takeOver(kdf.deriveData(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 of this Java platform failed.", e);
        }
    }
}
