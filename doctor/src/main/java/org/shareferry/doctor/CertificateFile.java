// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/// What a PEM file of certificates holds.
sealed interface CertificateFile {
    /// The largest file that is read, in bytes.
    int LARGEST = 1 << 20;

    /// @param certificates at least one, in the file's order
    record Certificates(List<X509Certificate> certificates) implements CertificateFile {
        public Certificates {
            certificates = List.copyOf(certificates);
        }

        X509Certificate first() {
            return certificates.getFirst();
        }
    }

    /// @param fault what is wrong with the file
    /// @param why a sentence
    record Unusable(Fault fault, String why) implements CertificateFile {}

    /// Like OpenSSL, passes over what stands before, between and behind the PEM blocks.
    static CertificateFile read(Path file) {
        try {
            if (Files.size(file) > LARGEST) {
                return new Unusable(Fault.NO_CERTIFICATE, "It is larger than any file of certificates.");
            }
            return parse(Files.readString(file, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return new Unusable(Fault.MISSING_FILE, "It does not exist.");
        } catch (IOException e) {
            return new Unusable(Fault.UNREADABLE_FILE, "It cannot be read: " + FileAccess.reason(e) + ".");
        }
    }

    private static CertificateFile parse(String text) {
        var blocks = Pattern.compile("-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----([^-]*)"
                        + "-----END (?:X509 |TRUSTED )?CERTIFICATE-----")
                .matcher(text);
        var read = new ArrayList<X509Certificate>();
        try {
            var factory = CertificateFactory.getInstance("X.509");
            while (blocks.find()) {
                var der = Base64.getMimeDecoder().decode(blocks.group(1));
                read.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            return new Unusable(Fault.NO_CERTIFICATE, "A certificate in it is damaged.");
        }
        return read.isEmpty()
                ? new Unusable(Fault.NO_CERTIFICATE, "It holds no certificate in PEM.")
                : new Certificates(read);
    }
}
