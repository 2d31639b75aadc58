// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.json.PlainText;

/// The characters that people compare to check that they have the same certificate.
public final class Fingerprint {
    private static final Pattern HEX = Pattern.compile("[0-9A-F]{64}");

    private Fingerprint() {}

    /// @return SHA-256 over the DER as colon-separated upper-case hex, as openssl and browsers show it
    public static String of(X509Certificate certificate) {
        try {
            var digest = Sha256.of(Bytes.of(certificate.getEncoded())).toHex();
            return withColons(digest.toUpperCase(Locale.ROOT));
        } catch (CertificateException e) {
            throw new IllegalStateException("A certificate that was read does not encode.", e);
        }
    }

    /// @param text a SHA-256 in hex, with or without colons and spaces
    /// @return the same as [#of] writes it
    /// @throws CommandException if it is no SHA-256
    static String parse(String text) throws CommandException {
        var hex = text.replaceAll("[:\\s]", "").toUpperCase(Locale.ROOT);
        if (!HEX.matcher(hex).matches()) {
            throw new CommandException("--fingerprint " + PlainText.of(text)
                    + " is no SHA-256: give 64 hex digits, with or without colons.");
        }
        return withColons(hex);
    }

    private static String withColons(String hex) {
        return hex.replaceAll("(..)(?!$)", "$1:");
    }
}
