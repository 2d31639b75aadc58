// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.GeneralSecurityException;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// HKDF-SHA256 (RFC 5869), the JDK's.
public final class Hkdf {
    private Hkdf() {}

    /// Derives a key for one purpose.
    ///
    /// @param inputKey secret and unpredictable, of any size; stays the caller's to close
    /// @param label what the key is for
    /// @param parts what the key is bound to; label and parts are framed by their lengths
    /// @param size bytes wanted, at most 8160
    /// @return the key, which the caller closes
    public static SecretBytes derive(SecretBytes inputKey, String label, List<Bytes> parts, int size) {
        return derive(inputKey, Bytes.empty(), Framing.lengthPrefixed(Bytes.ascii(label), parts), size);
    }

    /// RFC 5869 §2.3: `HKDF-Expand`.
    ///
    /// @param key pseudo-random, 32 bytes; stays the caller's to close
    /// @param info what the output is for
    /// @param size bytes wanted, at most 8160
    /// @return the output, which the caller closes
    static SecretBytes expand(SecretBytes key, Bytes info, int size) {
        try {
            var spec = HKDFParameterSpec.expandOnly(new SecretKeySpec(key.reveal(), "HKDF"), info.shared(), size);
            return SecretBytes.takeOver(KDF.getInstance("HKDF-SHA256").deriveData(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 of this Java platform failed.", e);
        }
    }

    /// RFC 5869 §2 as it stands: extract with `salt`, expand with `info`.
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
