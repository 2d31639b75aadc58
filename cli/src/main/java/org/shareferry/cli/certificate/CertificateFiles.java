// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.pem.PemFault;
import org.shareferry.site.trust.Strength;

/// Certificates and their keys on disk: PEM (RFC 7468) for services and programs, PKCS #12 for browsers.
public final class CertificateFiles {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private CertificateFiles() {}

    /// @return the certificate as one PEM block
    public static String pem(X509Certificate certificate) {
        try {
            return pem("CERTIFICATE", certificate.getEncoded());
        } catch (CertificateException e) {
            throw new IllegalStateException("A certificate that was read does not encode.", e);
        }
    }

    static String pem(String label, byte[] der) {
        return "-----BEGIN " + label + "-----\n" + new String(BASE64.encode(der), StandardCharsets.US_ASCII)
                + "\n-----END " + label + "-----\n";
    }

    /// @param key its file must not exist yet; only its owner may read it
    static void writeKey(Path file, PrivateKey key) throws KeyFileException {
        try (var pkcs8 = SecretBytes.takeOver(key.getEncoded())) {
            KeyFiles.writePem(file, pkcs8);
        }
    }

    /// Bundles certificate and key for the import into a browser.
    ///
    /// @param file must not exist yet; only its owner may read it
    /// @param password browsers insist on one; what protects the file are its permissions
    static void writePkcs12(Path file, TlsIdentity identity, String password, Pkcs12Form form) throws CommandException {
        try {
            NewFiles.writeSecret(file, form.encode(identity, password.toCharArray()));
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java platform cannot write PKCS #12.", e);
        }
    }

    /// @return all certificates of a PEM file, at least one
    /// @throws CommandException when there is none, or one cannot be used
    public static List<X509Certificate> read(Path file) throws CommandException {
        return switch (CertificateFile.read(file)) {
            case Certificates read -> read.certificates();
            case CertificateFile.Unusable unusable -> throw unusable(file, unusable.fault(), unusable.why());
        };
    }

    /// @param certificate PEM; further certificates after it are those of its authorities
    /// @param key PEM, its private key
    /// @throws CommandException when one of them cannot be used, or they do not belong together
    /// @throws KeyFileException when the key is missing, or others can read it
    public static CertifiedKey.Usable readPair(Path certificate, Path key) throws CommandException, KeyFileException {
        if (Files.exists(certificate)) {
            // An open key file is reported before a certificate that does not fit.
            KeyFiles.requirePrivate(key);
        }
        return switch (CertifiedKey.read(certificate, key)) {
            case CertifiedKey.Usable usable -> usable;
            case CertifiedKey.Unusable unusable -> throw unusable(unusable.file(), unusable.fault(), unusable.why());
        };
    }

    /// @throws CommandException when services refuse the certificate for its key
    static void requireStrong(Path file, X509Certificate certificate) throws CommandException {
        var weak = Strength.weakKey(certificate);
        if (weak.isPresent()) {
            throw new CommandException(file + " contains a certificate whose key is " + weak.get()
                    + "; services refuse it. Ask for one with a stronger key.");
        }
    }

    private static CommandException unusable(Path file, PemFault fault, String why) {
        return new CommandException(
                fault == PemFault.MISSING
                        ? file + " does not exist; check the path."
                        : file + " cannot be used; check that it is the right file. " + why);
    }
}
