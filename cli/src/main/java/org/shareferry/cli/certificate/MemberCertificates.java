// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;

/// The two certificates of a member: its service's, and one for its people and programs.
///
/// @param member the member, and CN of its service's certificate
/// @param hosts under which neighbours reach its service, at least one
/// @param password for the browser's file
public record MemberCertificates(MemberName member, List<String> hosts, String password) {
    /// For the browser's file, when nothing else is said.
    public static final String DEFAULT_PASSWORD = "shareferry";

    /// Where a service's certificate is found.
    public static final String SERVICE = "tls.crt";

    /// Where a user's certificate is found.
    public static final String USER = "user.crt";

    /// Where a user's key is found.
    public static final String USER_KEY = "user.key";

    public MemberCertificates {
        hosts = List.copyOf(hosts);
    }

    /// @return the CN of its user's certificate, such as `P1-user`
    public static String userName(MemberName member) {
        return member + "-user";
    }

    /// Makes self-signed certificates.
    ///
    /// @param folder where to; none of the files may exist yet
    public void write(Path folder, Clock clock, Duration lifetime) throws CommandException, KeyFileException {
        write(folder, new Issuer(clock, lifetime, Optional.empty()));
    }

    void write(Path folder, Issuer issuer) throws CommandException, KeyFileException {
        NewFiles.folder(folder);
        NewFiles.requireAbsent(List.of(
                folder.resolve(SERVICE),
                folder.resolve("tls.key"),
                folder.resolve(USER),
                folder.resolve(USER_KEY),
                folder.resolve("user.p12")));
        var service = issuer.service(member.toString(), hosts);
        CertificateFiles.writeKey(folder.resolve("tls.key"), service.key());
        NewFiles.writePublic(folder.resolve(SERVICE), CertificateFiles.pem(service.certificate()));
        var user = issuer.user(userName(member));
        CertificateFiles.writeKey(folder.resolve(USER_KEY), user.key());
        NewFiles.writePublic(folder.resolve(USER), CertificateFiles.pem(user.certificate()));
        CertificateFiles.writePkcs12(folder.resolve("user.p12"), user, password);
    }

    /// Makes keys, and requests for certificates that an authority then issues.
    ///
    /// @param folder where to; none of the files may exist yet
    void writeRequests(Path folder) throws CommandException, KeyFileException {
        NewFiles.folder(folder);
        NewFiles.requireAbsent(List.of(
                folder.resolve("tls.csr"),
                folder.resolve("tls.key"),
                folder.resolve("user.csr"),
                folder.resolve(USER_KEY)));
        writeRequest(folder, "tls", Issuer.request(member.toString(), hosts));
        writeRequest(folder, "user", Issuer.request(userName(member), List.of()));
    }

    private static void writeRequest(Path folder, String name, Issuer.Request made)
            throws CommandException, KeyFileException {
        CertificateFiles.writeKey(folder.resolve(name + ".key"), made.key());
        try {
            var pem = CertificateFiles.pem("CERTIFICATE REQUEST", made.request().getEncoded());
            NewFiles.writePublic(folder.resolve(name + ".csr"), pem);
        } catch (java.io.IOException e) {
            throw new IllegalStateException("A request that was just made does not encode.", e);
        }
    }
}
