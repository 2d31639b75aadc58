// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.diagnostics.certificates.CertificateCheck;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.diagnostics.storage.FileAccess;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.site.pem.PrivateKeyFile;

/// MP-SPDZ's folder of certificates (Player-Data): `C<id>.pem` and `.key` of clients, `P<i>.pem` and `.key` of
/// parties, and OpenSSL's hash links. MP-SPDZ reports faults in it only when a run is already lost, and without the
/// cause.
public final class MpSpdzFolder {
    /// MP-SPDZ's scripts create certificates for 30 days.
    static final Duration WARNING = Duration.ofDays(7);

    private final Path folder;
    private final Instant now;
    private final CertificateCheck check;
    private final Findings findings = new Findings(Area.MPSPDZ_FOLDER);
    private final HashLinks links;

    private MpSpdzFolder(Path folder, Clock clock) {
        this.folder = folder;
        this.now = clock.instant();
        this.check = new CertificateCheck(findings, now);
        this.links = new HashLinks(folder);
    }

    /// Checks the files for one client's connection to one party's VM: the party's certificate, the client's
    /// certificate and key if it presents one, and the party's key if it is readable.
    ///
    /// @param client the client's number; empty for a client without a certificate
    /// @param party the party's number
    /// @return at least one finding; faults make the connection fail
    public static List<Finding> examine(Path folder, Optional<Integer> client, int party, Clock clock) {
        var examination = new MpSpdzFolder(folder, clock);
        if (examination.isFolder()) {
            var name = "P" + party;
            boolean isCopy = examination.isCopy(List.of(name));
            client.ifPresent(number -> examination.member("C" + number, Key.NEEDED, isCopy));
            examination.member(name, Files.isReadable(folder.resolve(name + ".key")) ? Key.SEEN : Key.UNSEEN, isCopy);
            examination.copy(isCopy);
            if (!isCopy) {
                examination.trusted();
            }
            client.ifPresent(number -> examination.signature(number, party));
        }
        return examination.findings.list();
    }

    /// Checks all certificates of clients and parties in the folder.
    ///
    /// @return at least one finding
    public static List<Finding> examine(Path folder, Clock clock) {
        var examination = new MpSpdzFolder(folder, clock);
        if (examination.isFolder()) {
            examination.everything();
        }
        return examination.findings.list();
    }

    /// The line that MP-SPDZ prints after a failed handshake, for comparison between two sites: BLAKE2b-128 of the
    /// client's and of the party's PEM file.
    ///
    /// @return such as `05284842410e6c28b61d20d2d2e4e838/cf4ab791c62b8d2b2109c90275287816`
    public static String signature(Path folder, int client, int party) {
        return Signatures.of(folder, "C" + client) + "/" + Signatures.of(folder, "P" + party);
    }

    private boolean isFolder() {
        if (Files.isDirectory(folder)) {
            return true;
        }
        findings.add(
                folder.toString(),
                Fault.MISSING_FILE,
                "The folder does not exist.",
                "ls -d " + Shell.word(folder) + " # name MP-SPDZ's Player-Data");
        return false;
    }

    /// A folder without links and without the party's key is not the VM's own folder.
    private boolean isCopy(List<String> parties) {
        return !links.exist()
                && parties.stream().noneMatch(party -> exists(party + ".key"))
                && parties.stream().anyMatch(party -> exists(party + ".pem"));
    }

    private boolean exists(String name) {
        return Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS);
    }

    private void everything() {
        var names = names();
        var parties = names.stream().filter(name -> name.startsWith("P")).toList();
        if (names.isEmpty()) {
            findings.add(
                    folder.toString(),
                    Fault.MISSING_FILE,
                    "It contains neither P<i>.pem nor C<id>.pem.",
                    "ls " + Shell.word(folder) + " # name MP-SPDZ's Player-Data");
        }
        boolean isCopy = isCopy(parties);
        for (var name : names) {
            member(name, Key.SEEN, isCopy);
        }
        copy(isCopy);
        if (!isCopy && !names.isEmpty()) {
            trusted();
        }
        for (var client : names) {
            for (var party : parties) {
                if (client.startsWith("C")) {
                    signature(Integer.parseInt(client.substring(1)), Integer.parseInt(party.substring(1)));
                }
            }
        }
    }

    private void trusted() {
        new TrustedCertificates(folder, now, links, findings).examine();
    }

    private List<String> names() {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[CP][0-9]{1,4}\\.(pem|key)"))
                    .map(name -> name.substring(0, name.indexOf('.')))
                    .distinct()
                    .sorted()
                    .toList();
        } catch (IOException e) {
            findings.add(
                    folder.toString(),
                    Fault.UNREADABLE_FILE,
                    "The folder cannot be read: " + FileAccess.reason(e) + ".",
                    "ls -ld " + Shell.word(folder));
            return List.of();
        }
    }

    private enum Key {
        /// The connection fails without it.
        NEEDED,
        /// Checked if it exists.
        SEEN,
        /// The VM's own file, which may be unreadable for this user.
        UNSEEN
    }

    private void member(String name, Key wanted, boolean isCopy) {
        var file = name + ".pem";
        boolean hasKey = wanted == Key.NEEDED || exists(name + ".key");
        var fix = hasKey ? makeAgain(name) : copyAgain(name);
        var certificate = certificate(name, fix);
        if (certificate.isPresent()) {
            check.dates(file, certificate.get(), WARNING, fix);
            check.name(file, certificate.get(), name, fix);
            if (!isCopy) {
                links.examine(findings, file, certificate.get());
            }
        }
        if (hasKey && wanted != Key.UNSEEN) {
            key(name, certificate);
        }
    }

    private Optional<X509Certificate> certificate(String name, String fix) {
        return switch (CertificateFile.read(folder.resolve(name + ".pem"))) {
            case Certificates read -> Optional.of(read.first());
            case CertificateFile.Unusable unusable -> {
                unusable(name + ".pem", Fault.of(unusable.fault()), unusable.why(), fix);
                yield Optional.empty();
            }
        };
    }

    private void key(String name, Optional<X509Certificate> certificate) {
        var file = folder.resolve(name + ".key");
        switch (PrivateKeyFile.read(file)) {
            case PrivateKeyFile.Unusable unusable ->
                unusable(name + ".key", Fault.of(unusable.fault()), unusable.why(), makeAgain(name));
            case PrivateKeyFile.Read read -> {
                if (certificate.isPresent() && !read.belongsTo(certificate.get().getPublicKey())) {
                    findings.add(
                            name + ".key",
                            Fault.KEY_OF_ANOTHER_CERTIFICATE,
                            name + ".key is not the key of the certificate in " + name + ".pem (OpenSSL:"
                                    + " \"key values mismatch\").",
                            makeAgain(name));
                } else if (certificate.isPresent()) {
                    findings.fine(name + ".key", "belongs to " + name + ".pem");
                }
            }
        }
        FileAccess.exposure(file)
                .ifPresent(who -> findings.add(
                        name + ".key permissions",
                        Fault.KEY_OPEN_TO_OTHERS,
                        name + ".key is accessible to " + who + ".",
                        "chmod 600 " + Shell.word(file)));
    }

    private void unusable(String name, Fault fault, String why, String fix) {
        var file = Shell.word(folder.resolve(name));
        findings.add(
                name,
                fault,
                why,
                switch (fault) {
                    case UNREADABLE_FILE -> Shell.own(folder.resolve(name));
                    case ENCRYPTED_KEY ->
                        "openssl pkey -in " + file + " -out " + file + ".new && mv " + file + ".new " + file + " # or: "
                                + fix;
                    default -> fix;
                });
    }

    private String makeAgain(String name) {
        var path = folder.resolve(name).toString();
        var make = name.startsWith("P")
                ? "shareferry vm-certificates --renew --mpspdz " + Shell.word(folder) + " --party " + name.substring(1)
                : "openssl req -newkey rsa -nodes -x509 -days 365 -subj /CN=" + name
                        + " -addext basicConstraints=critical,CA:FALSE -keyout " + Shell.word(path + ".key") + " -out "
                        + Shell.word(path + ".pem") + " && openssl rehash " + Shell.word(folder);
        return make + " # where " + name + " runs; then "
                + (name.startsWith("P")
                        ? "install " + name + ".pem at every other party with shareferry vm-certificates"
                        : "copy " + name + ".pem to every other host and rehash there");
    }

    /// Without its key the certificate is a copy, so creating a new pair here would not help. In a VM's folder
    /// `vm-certificates` installs that of another party, because it checks it.
    private String copyAgain(String name) {
        var file = name + ".pem";
        var copy = name.startsWith("P") && links.exist()
                ? install(folder, name, "FOLDER-OF-" + name + "/" + file)
                : "cp FOLDER-OF-" + name + "/" + file + " " + Shell.word(folder.resolve(file))
                        + (links.exist() ? " && openssl rehash " + Shell.word(folder) : "");
        return copy + " # from where " + name + ".key is; if " + file + " is wrong there too, create it again there:"
                + " shareferry doctor --mpspdz FOLDER-OF-" + name;
    }

    /// @param name of another party, who knows the SHA-256 of its certificate
    static String install(Path folder, String name, String file) {
        return "shareferry vm-certificates --mpspdz " + Shell.word(folder)
                + " --party OWN-NUMBER --fingerprint SHA256-OF-" + name + " " + file;
    }

    private void copy(boolean isCopy) {
        if (isCopy) {
            findings.add(
                    folder + " links",
                    Fault.LINKS_ARE_ELSEWHERE,
                    "It has no hash links and no key of a party, so the VM uses another folder, which was not checked.",
                    "shareferry doctor --mpspdz PLAYER-DATA # with the folder that the VM runs with");
        }
    }

    private void signature(int client, int party) {
        findings.fine(
                "C" + client + " and P" + party + " at both sites",
                "Signature (should match the other side): " + signature(folder, client, party));
    }

    /// Compares folders that should contain the same certificates, such as the VM's and the service's.
    ///
    /// @param folders two or more
    /// @return a finding for each certificate that is in several of them
    public static List<Finding> compare(List<Path> folders) {
        return new Signatures(folders).compare();
    }

    /// Compares with the line printed by another site's MP-SPDZ or doctor.
    ///
    /// @param line two signatures separated by a slash, optionally with the preceding words
    /// @return a finding for each of the two
    public static List<Finding> compare(Path folder, int client, int party, String line) {
        return new ArrayList<>(new Signatures(List.of(folder)).compare("C" + client, "P" + party, line));
    }
}
