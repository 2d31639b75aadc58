// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;

/// Certificates and their keys on disk: PEM (RFC 7468) for services and programs, PKCS #12 for browsers.
public final class CertificateFiles {
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private CertificateFiles() {}

    /// @return the certificate as one PEM block
    static String pem(X509Certificate certificate) {
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
    static void writePkcs12(Path file, TlsIdentity identity, String password) throws CommandException {
        try (var content = new ByteArrayOutputStream()) {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "user", identity.key(), password.toCharArray(), new Certificate[] {identity.certificate()});
            store.store(content, password.toCharArray());
            NewFiles.writeSecret(file, content.toByteArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("This Java platform cannot write PKCS #12.", e);
        }
    }

    /// @return all certificates of a PEM file, at least one
    /// @throws CommandException when there is none, or one is damaged
    public static List<X509Certificate> read(Path file) throws CommandException {
        var text = NewFiles.read(file);
        var read = new ArrayList<X509Certificate>();
        try (var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
            for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                read.add((X509Certificate) certificate);
            }
        } catch (CertificateException | IOException e) {
            throw new CommandException(
                    file + " is not a PEM file of certificates; check that it is the right file.", e);
        }
        if (read.isEmpty()) {
            throw new CommandException(file + " holds no certificate; check that it is the right file.");
        }
        return read;
    }

    /// @return an EC private key
    /// @throws CommandException when the file holds something else
    /// @throws KeyFileException when it is missing, damaged, or others can read it
    public static PrivateKey readKey(Path file) throws CommandException, KeyFileException {
        try (var pkcs8 = KeyFiles.readPem(file)) {
            return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(pkcs8.reveal()));
        } catch (GeneralSecurityException e) {
            throw new CommandException(file + " holds no EC private key; check that it is the right file.", e);
        }
    }
}
