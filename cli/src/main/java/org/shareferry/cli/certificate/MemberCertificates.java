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

/// The certificates of a member: its service's, one for its people and programs, and one for whoever watches
/// it.
///
/// @param member the member, and CN of its service's certificate
/// @param hosts under which neighbours reach its service, at least one
/// @param password for the browser's file
/// @param form of the browser's file
public record MemberCertificates(MemberName member, List<String> hosts, String password, Pkcs12Form form) {
    /// The default password of the browser's file.
    public static final String DEFAULT_PASSWORD = "shareferry";

    /// Where a service's certificate is found.
    public static final String SERVICE = "tls.crt";

    /// Where a user's certificate is found.
    public static final String USER = "user.crt";

    /// Where a user's key is found.
    public static final String USER_KEY = "user.key";

    /// Where the certificate is found that may read the service's metrics and nothing else.
    public static final String MONITOR = "monitor.crt";

    /// Where its key is found.
    public static final String MONITOR_KEY = "monitor.key";

    public MemberCertificates {
        hosts = List.copyOf(hosts);
    }

    /// With a browser's file in the current form.
    public MemberCertificates(MemberName member, List<String> hosts, String password) {
        this(member, hosts, password, Pkcs12Form.CURRENT);
    }

    /// @return the CN of its user's certificate, such as `P1-user`
    public static String userName(MemberName member) {
        return member + "-user";
    }

    /// @return the CN of the certificate that reads its service's metrics, such as `P1-monitor`
    public static String monitorName(MemberName member) {
        return member + "-monitor";
    }

    /// Makes self-signed certificates for the service and for users.
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
        writeService(folder, issuer);
        writeUser(folder, issuer);
    }

    /// Makes tls.crt and tls.key.
    ///
    /// @param folder where to; is there, and neither of the files is
    public void writeService(Path folder, Issuer issuer) throws CommandException, KeyFileException {
        var service = issuer.service(member.toString(), hosts);
        CertificateFiles.writeKey(folder.resolve("tls.key"), service.key());
        NewFiles.writePublic(folder.resolve(SERVICE), CertificateFiles.pem(service.certificate()));
    }

    /// Makes user.crt and user.key, and both in user.p12.
    ///
    /// @param folder where to; is there, and none of the files is
    public void writeUser(Path folder, Issuer issuer) throws CommandException, KeyFileException {
        var user = issuer.user(userName(member));
        CertificateFiles.writeKey(folder.resolve(USER_KEY), user.key());
        NewFiles.writePublic(folder.resolve(USER), CertificateFiles.pem(user.certificate()));
        CertificateFiles.writePkcs12(folder.resolve("user.p12"), user, password, form);
    }

    /// Makes monitor.crt and monitor.key.
    ///
    /// @param folder where to; is there, and neither of the files is
    public void writeMonitor(Path folder, Issuer issuer) throws CommandException, KeyFileException {
        NewFiles.requireAbsent(List.of(folder.resolve(MONITOR), folder.resolve(MONITOR_KEY)));
        var monitor = issuer.user(monitorName(member));
        CertificateFiles.writeKey(folder.resolve(MONITOR_KEY), monitor.key());
        NewFiles.writePublic(folder.resolve(MONITOR), CertificateFiles.pem(monitor.certificate()));
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
            throw new IllegalStateException("A new certificate request cannot be encoded.", e);
        }
    }
}
