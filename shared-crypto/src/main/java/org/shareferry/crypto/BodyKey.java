// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// Key and nonce of one body: AES-256-GCM (NIST SP 800-38D) of the JDK, with a 128-bit tag at the end. It can seal
/// only once.
public final class BodyKey implements AutoCloseable {
    static final int KEY_SIZE = 32;
    static final int NONCE_SIZE = 12;

    /// The difference of size between ciphertext and plaintext, in bytes.
    public static final int TAG_SIZE = 16;

    /// The JDK compiles its AES-GCM much earlier if it is called often with little data.
    private static final int STEP = 16 * 1024;

    private final SecretBytes key;
    private final SecretBytes nonce;
    private boolean sealed;

    BodyKey(SecretBytes key, SecretBytes nonce) {
        this.key = key;
        this.nonce = nonce;
    }

    /// Authenticated but not encrypted data. A separate type, so that it cannot be confused with the info.
    ///
    /// @param value any bytes
    public record Aad(Bytes value) {}

    /// @param plaintext closed by the caller
    /// @return ciphertext and tag
    /// @throws IllegalStateException when this key has sealed before, because the nonce must not be reused
    public Bytes seal(Aad aad, SecretBytes plaintext) {
        if (sealed) {
            throw new IllegalStateException("A body key can seal only once.");
        }
        sealed = true;
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, aad);
            return Bytes.takeOver(run(cipher, plaintext.reveal(), plaintext.size() + TAG_SIZE));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM of this Java platform failed.", e);
        }
    }

    /// @return the plaintext; the caller closes it
    /// @throws CryptoException when key, nonce, aad or ciphertext differ from the sealer's
    public SecretBytes open(Aad aad, Bytes ciphertext) throws CryptoException {
        if (ciphertext.size() < TAG_SIZE) {
            throw new CryptoException("The ciphertext is shorter than its tag.");
        }
        try {
            var cipher = cipher(Cipher.DECRYPT_MODE, aad);
            return SecretBytes.takeOver(run(cipher, ciphertext.shared(), ciphertext.size() - TAG_SIZE));
        } catch (GeneralSecurityException e) {
            throw new CryptoException("Decryption failed with this key, sender and header.", e);
        }
    }

    private Cipher cipher(int mode, Aad aad) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key.reveal(), "AES"), new GCMParameterSpec(8 * TAG_SIZE, nonce.reveal()));
        cipher.updateAAD(aad.value().shared());
        return cipher;
    }

    private static byte[] run(Cipher cipher, byte[] input, int outputSize) throws GeneralSecurityException {
        var output = new byte[outputSize];
        int written = 0;
        int read = 0;
        for (; input.length - read > STEP; read += STEP) {
            written += cipher.update(input, read, STEP, output, written);
        }
        written += cipher.doFinal(input, read, input.length - read, output, written);
        if (written != outputSize) {
            Arrays.fill(output, (byte) 0);
            throw new GeneralSecurityException("Unexpected size of output.");
        }
        return output;
    }

    @Override
    public void close() {
        key.close();
        nonce.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
