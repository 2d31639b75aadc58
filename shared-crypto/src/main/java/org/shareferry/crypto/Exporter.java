// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.nio.ByteBuffer;

/// The exporter of an HPKE context, which derives any number of secrets (RFC 9180 §5.3). Its only state is the
/// exporter secret, so it is thread-safe, unlike the provider's context.
final class Exporter implements AutoCloseable {
    private static final Bytes VERSION = Bytes.ascii("HPKE-v1");
    private static final Bytes LABEL = Bytes.ascii("sec");

    private final SecretBytes secret;
    private final Bytes suite;

    /// @param secret `exporter_secret`, closed with this object
    /// @param suite `suite_id`
    Exporter(SecretBytes secret, Bytes suite) {
        this.secret = secret;
        this.suite = suite;
    }

    /// `Context.Export`: LabeledExpand(exporter_secret, "sec", context, size).
    ///
    /// @param context distinguishes this secret from others of the same HPKE context
    /// @param size the number of bytes, at most 8160
    /// @return the secret; the caller closes it
    /// @throws IllegalStateException when this exporter was closed
    SecretBytes export(Bytes context, int size) {
        var labeled = ByteBuffer.allocate(Short.BYTES + VERSION.size() + suite.size() + LABEL.size() + context.size())
                .putShort((short) size)
                .put(VERSION.shared())
                .put(suite.shared())
                .put(LABEL.shared())
                .put(context.shared());
        return Hkdf.expand(secret, Bytes.of(labeled.array()), size);
    }

    /// Wipes the exporter secret.
    @Override
    public void close() {
        secret.close();
    }

    @Override
    public String toString() {
        return "[redacted]";
    }
}
