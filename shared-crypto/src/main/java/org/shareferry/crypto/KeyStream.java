// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// An unlimited stream of pseudo-random bytes: AES-256 in counter mode (NIST SP 800-38A §6.5) from counter zero. A
/// key must be used for one stream only. Not thread-safe.
public final class KeyStream {
    /// Bytes of the key.
    public static final int KEY_SIZE = 32;

    private static final byte[] ZEROS = new byte[16 * 1024];

    private final Cipher cipher;

    private KeyStream(Cipher cipher) {
        this.cipher = cipher;
    }

    /// @param key [#KEY_SIZE] bytes, not used for any other stream; closed by the caller
    public static KeyStream of(SecretBytes key) {
        if (key.size() != KEY_SIZE) {
            throw new IllegalArgumentException("The key of a key stream must have " + KEY_SIZE + " bytes.");
        }
        try {
            var cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key.reveal(), "AES"), new IvParameterSpec(new byte[16]));
            return new KeyStream(cipher);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-CTR of this Java platform failed.", e);
        }
    }

    /// Overwrites `target` with the next bytes of the stream.
    public void next(byte[] target) {
        try {
            for (int done = 0; done < target.length; ) {
                int step = Math.min(ZEROS.length, target.length - done);
                int written = cipher.update(ZEROS, 0, step, target, done);
                if (written != step) {
                    Arrays.fill(target, (byte) 0);
                    throw new IllegalStateException("Counter mode returned a different number of bytes.");
                }
                done += step;
            }
        } catch (ShortBufferException e) {
            throw new IllegalStateException("Counter mode returned a different number of bytes.", e);
        }
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
