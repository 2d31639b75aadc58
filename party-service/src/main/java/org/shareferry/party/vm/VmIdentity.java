// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Clock;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.shareferry.service.member.MemberCertificate;
import org.springframework.boot.ssl.pem.PemContent;

/// What we show to the VM and what we expect of it: MP-SPDZ's certificate files, read anew for each
/// connection so that renewed ones count. They are judged before connecting, because a failed handshake kills
/// the VM.
final class VmIdentity {
    private final Path folder;
    private final String client;
    private final String party;
    private final Clock clock;

    /// @param folder MP-SPDZ's `Player-Data`
    /// @param client our number as a client of the VM
    /// @param party the party's number
    VmIdentity(Path folder, int client, int party, Clock clock) {
        this.folder = folder;
        this.client = "C" + client;
        this.party = "P" + party;
        this.clock = clock;
    }

    /// @return makes TLS 1.2 connections to this VM and to nothing else; without memory of former sessions
    /// @throws VmUnusableException when the files cannot lead to a handshake that succeeds
    SSLSocketFactory socketFactory() throws VmUnusableException {
        var own = certificate(client);
        var key = key();
        var vm = certificate(party);
        try {
            if (!belongTogether(key, own)) {
                throw new VmUnusableException(
                        client + ".key does not belong to " + client + ".pem; " + renewal(client));
            }
            var context = SSLContext.getInstance("TLSv1.2");
            var trust = new TrustManager[] {new PinnedCertificate(vm, party, clock)};
            context.init(keyManagers(own, key).getKeyManagers(), trust, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new VmUnusableException(client + ".key cannot be used; " + renewal(client), e);
        }
    }

    private static boolean belongTogether(PrivateKey key, X509Certificate certificate) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())) {
            return false;
        }
        var algorithm = "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : key.getAlgorithm());
        var message = certificate.getEncoded();
        var signer = Signature.getInstance(algorithm);
        signer.initSign(key);
        signer.update(message);
        var signature = signer.sign();
        var verifier = Signature.getInstance(algorithm);
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(message);
        return verifier.verify(signature);
    }

    private static KeyManagerFactory keyManagers(X509Certificate certificate, PrivateKey key)
            throws GeneralSecurityException, IOException {
        var noPassword = new char[0];
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, noPassword);
        store.setKeyEntry("own", key, noPassword, new X509Certificate[] {certificate});
        var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, noPassword);
        return factory;
    }

    private X509Certificate certificate(String name) throws VmUnusableException {
        var file = folder.resolve(name + ".pem");
        try {
            var certificate = PemContent.load(file).getCertificates().getFirst();
            if (!MemberCertificate.isValidAt(certificate, clock.instant())) {
                throw new VmUnusableException(file + " is valid from "
                        + certificate.getNotBefore().toInstant() + " to "
                        + certificate.getNotAfter().toInstant() + ", not now; " + renewal(name));
            }
            if (!PinnedCertificate.isNamed(certificate, name)) {
                throw new VmUnusableException(file + " does not name " + name + "; " + renewal(name));
            }
            return certificate;
        } catch (IOException | GeneralSecurityException | IllegalStateException e) {
            throw new VmUnusableException(file + " cannot be read as a certificate; " + renewal(name), e);
        }
    }

    private PrivateKey key() throws VmUnusableException {
        var file = folder.resolve(client + ".key");
        try {
            var key = PemContent.load(file).getPrivateKey();
            if (key != null) {
                return key;
            }
            throw new VmUnusableException(file + " holds no private key; " + renewal(client));
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new VmUnusableException(file + " cannot be read as a private key; " + renewal(client), e);
        }
    }

    private static String renewal(String name) {
        return name.startsWith("C")
                ? "make it with MP-SPDZ's Scripts/setup-clients.sh, and run openssl rehash in the VM's folder"
                : "make it with MP-SPDZ's Scripts/setup-ssl.sh and copy it here";
    }
}
