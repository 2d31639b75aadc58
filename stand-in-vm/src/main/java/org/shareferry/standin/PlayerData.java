// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.x509.SubjectHash;

/// A folder of certificates as MP-SPDZ's `Scripts/setup-ssl.sh` and, for clients with certificates,
/// `Scripts/setup-clients.sh` create it: for each name a self-signed RSA certificate of 30 days, `<name>.pem`, its
/// key, `<name>.key`, and OpenSSL's link to it. Unlike those, the certificates are not authorities (CA:FALSE), so that
/// `shareferry vm-certificates` accepts them.
///
/// @param folder `Player-Data`
public record PlayerData(Path folder) {
    private static final Duration LIFETIME = Duration.ofDays(30);
    private static final Duration EARLIER = Duration.ofMinutes(10);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BITS = 2048;

    /// Creates a certificate and its key, valid from now on.
    ///
    /// @param name such as `P0` or `C1`
    /// @param now the current time
    public void make(String name, Instant now) throws IOException {
        make(name, name, now.minus(EARLIER), now.plus(LIFETIME));
    }

    /// Creates a certificate and its key.
    ///
    /// @param file the files' name
    /// @param commonName its common name
    /// @param notBefore the start of its validity
    /// @param notAfter the end of its validity
    public void make(String file, String commonName, Instant notBefore, Instant notAfter) throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS, RANDOM);
            var keys = generator.generateKeyPair();
            var encoded = certificate(keys, commonName, notBefore, notAfter);
            Files.writeString(folder.resolve(file + ".pem"), pem("CERTIFICATE", encoded));
            var key = folder.resolve(file + ".key");
            Files.deleteIfExists(key);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
            rehash(file);
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("Every Java platform can create RSA certificates.", e);
        }
    }

    /// Does the same as `openssl rehash` for one certificate.
    private void rehash(String file) throws IOException, GeneralSecurityException {
        var link = folder.resolve(SubjectHash.linkName(read(file)));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(file + ".pem"));
    }

    private static byte[] certificate(KeyPair keys, String commonName, Instant notBefore, Instant notAfter)
            throws OperatorCreationException, IOException {
        var subject = new X500Name("CN=" + commonName);
        return new JcaX509v3CertificateBuilder(
                        subject,
                        new BigInteger(127, RANDOM).setBit(126),
                        Date.from(notBefore),
                        Date.from(notAfter),
                        subject,
                        keys.getPublic())
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()))
                .getEncoded();
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + type + "-----\n";
    }

    private static byte[] der(Path file) throws IOException {
        var base64 = Files.readString(file).replaceAll("-----[A-Z ]+-----", "");
        return Base64.getMimeDecoder().decode(base64);
    }

    /// @param party of the VM
    /// @param client the name that the client has sent
    /// @return the VM's TLS context for the connection
    SSLContext server(int party, String client) throws IOException {
        try {
            var context = SSLContext.getInstance("TLSv1.2");
            var trust = new TrustManager[] {new OnlyClient("C" + client)};
            context.init(keyManagers("P" + party), trust, RANDOM);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("The VM's certificates cannot be used.", e);
        }
    }

    /// @param name such as `P0` or `C1`
    /// @return key managers with its certificate
    KeyManager[] keyManagers(String name) throws IOException, GeneralSecurityException {
        var key = KeyFactory.getInstance("RSA")
                .generatePrivate(new PKCS8EncodedKeySpec(der(folder.resolve(name + ".key"))));
        return new CertifiedKey.Usable(List.of(read(name)), key).keyManagers();
    }

    private X509Certificate read(String name) throws IOException, GeneralSecurityException {
        try (var in = Files.newInputStream(folder.resolve(name + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    /// MP-SPDZ does not require a certificate, but verifies one that is presented.
    private final class OnlyClient extends X509ExtendedTrustManager {
        private final String client;

        private OnlyClient(String client) {
            this.client = client;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            if (!isClient(chain[0])) {
                throw new CertificateException("certificate verify failed");
            }
            chain[0].checkValidity();
        }

        private boolean isClient(X509Certificate shown) {
            try {
                return shown.equals(read(client));
            } catch (IOException | GeneralSecurityException e) {
                return false;
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            check(chain);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            check(chain);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("a VM is the server here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("a VM is the server here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("a VM is the server here");
        }

        /// Empty, as OpenSSL's default, so that clients present any certificate.
        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
