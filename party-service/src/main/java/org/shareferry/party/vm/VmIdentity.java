// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.file.BoundedFile;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.service.member.MemberCertificate;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.pem.PrivateKeyFile;

/// The VM's expected certificate and, with a fixed client number, the service's own certificate for the VM.
/// MP-SPDZ's certificate files are read again for each connection, so that renewed ones are used. They are checked
/// before connecting, because a failed handshake kills the VM.
final class VmIdentity {
    private final Path folder;
    private final Optional<String> client;
    private final String party;
    private final Clock clock;

    /// Used by the connector's thread only.
    private @Nullable CheckedFiles lastChecked;

    /// @param folder MP-SPDZ's `Player-Data`
    /// @param client the fixed client number whose certificate to present; MP-SPDZ does not require one
    /// @param party the party's number
    VmIdentity(Path folder, Optional<Integer> client, int party, Clock clock) {
        this.folder = folder;
        this.client = client.map(number -> "C" + number);
        this.party = "P" + party;
        this.clock = clock;
    }

    /// Files that were found to match. While the service waits for a VM it checks them five times a second; without
    /// this cache that took a sixth of a core.
    ///
    /// @param files digest of what was read
    private record CheckedFiles(Bytes files, CertifiedKey.Usable own) {}

    /// @return creates TLS 1.2 connections to this VM only, without session resumption
    /// @throws VmUnusableException when a handshake with these files would fail
    SSLSocketFactory socketFactory() throws VmUnusableException {
        var shown = client.isPresent() ? keys(client.get()) : new KeyManager[0];
        var vm = certificate(party, read(party + ".pem"));
        requireValid(party, vm);
        try {
            var context = SSLContext.getInstance("TLSv1.2");
            context.init(shown, new TrustManager[] {new PinnedCertificate(vm, party, clock)}, new SecureRandom());
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new VmUnusableException("This Java does not support TLS 1.2, which MP-SPDZ needs", e);
        }
    }

    private KeyManager[] keys(String client) throws VmUnusableException {
        var checkedFiles = checkedFiles(client);
        requireValid(client, checkedFiles.own().certificate());
        return checkedFiles.own().keyManagers();
    }

    private CheckedFiles checkedFiles(String client) throws VmUnusableException {
        var own = read(client + ".pem");
        var key = read(client + ".key");
        var files = Sha256.begin()
                .addWord(own.length())
                .add(bytes(own))
                .add(bytes(key))
                .digest();
        var last = lastChecked;
        if (last == null || !last.files().equals(files)) {
            last = check(files, client, certificate(client, own), key(client, key));
            lastChecked = last;
        }
        return last;
    }

    private static Bytes bytes(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String read(String name) throws VmUnusableException {
        var file = folder.resolve(name);
        try {
            // Text around certificates may be in any encoding.
            return new String(BoundedFile.read(file, CertificateFile.LARGEST), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new VmUnusableException(file + " cannot be read; " + renewal(name), e);
        }
    }

    private CheckedFiles check(Bytes files, String client, X509Certificate own, PrivateKey key)
            throws VmUnusableException {
        if (!new PrivateKeyFile.Read(key).belongsTo(own.getPublicKey())) {
            throw new VmUnusableException(
                    folder.resolve(client + ".key") + " does not belong to " + client + ".pem; " + renewal(client));
        }
        return new CheckedFiles(files, new CertifiedKey.Usable(List.of(own), key));
    }

    private X509Certificate certificate(String name, String text) throws VmUnusableException {
        var file = folder.resolve(name + ".pem");
        return switch (CertificateFile.parse(bytes(text))) {
            case CertificateFile.Unusable unusable ->
                throw new VmUnusableException(
                        file + " cannot be used as a certificate. " + unusable.why() + " Or " + renewal(name));
            case CertificateFile.Certificates read -> {
                if (!VmCertificateCheck.isAcceptedFor(read.first(), name)) {
                    throw new VmUnusableException(file + " does not name " + name + "; " + renewal(name));
                }
                yield read.first();
            }
        };
    }

    private void requireValid(String name, X509Certificate certificate) throws VmUnusableException {
        if (!MemberCertificate.isValidAt(certificate, clock.instant())) {
            throw new VmUnusableException(folder.resolve(name + ".pem") + " is valid from "
                    + certificate.getNotBefore().toInstant() + " to "
                    + certificate.getNotAfter().toInstant() + ", which does not include now; " + renewal(name));
        }
    }

    private PrivateKey key(String client, String text) throws VmUnusableException {
        var file = folder.resolve(client + ".key");
        try (var content = SecretBytes.takeOver(text.getBytes(StandardCharsets.ISO_8859_1))) {
            return switch (PrivateKeyFile.parse(content)) {
                case PrivateKeyFile.Read read -> read.key();
                case PrivateKeyFile.Unusable unusable ->
                    throw new VmUnusableException(
                            file + " cannot be used as a private key. " + unusable.why() + " Or " + renewal(client));
            };
        }
    }

    /// @param name of a party or client, or of its file
    /// @return how to create its certificate, as the end of a sentence
    static String renewal(String name) {
        return name.startsWith("C")
                ? "create it with MP-SPDZ's Scripts/setup-clients.sh, and run openssl rehash in the VM's folder"
                : "create it with `shareferry vm-certificates --mpspdz FOLDER --party " + number(name)
                        + " --renew`, where FOLDER is the VM's Player-Data, and copy it here";
    }

    private static String number(String name) {
        return name.substring(1).replace(".pem", "");
    }
}
