// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.pem.CertificateFile.Certificates;
import org.shareferry.x509.SubjectHash;

/// MP-SPDZ's folder of certificates, `Player-Data`: `P<i>.pem` of every party, `P<i>.key` of its own, and the links by
/// which OpenSSL finds certificates, `<subject hash>.0`, `.1`, ….
record PlayerFolder(Path folder) {
    private static final Pattern LINK = Pattern.compile("[0-9a-f]{8}\\.[0-9]+");
    private static final Pattern CERTIFICATE = Pattern.compile("[PC][0-9]+\\.pem");

    static PlayerFolder of(Path folder) throws CommandException {
        if (!Files.isDirectory(folder)) {
            throw new CommandException(
                    folder + " is not a folder; name MP-SPDZ's Player-Data, and create it first if it is new.");
        }
        return new PlayerFolder(folder);
    }

    Path certificate(int party) {
        return folder.resolve("P" + party + ".pem");
    }

    Path key(int party) {
        return folder.resolve("P" + party + ".key");
    }

    /// Puts a party's own certificate and key in place. Those that were there stay beside them, as `.old`.
    ///
    /// @throws CommandException when one of them is a symbolic link: it belongs to whoever made the link
    void put(int party, TlsIdentity identity) throws CommandException, KeyFileException {
        for (var file : List.of(key(party), certificate(party))) {
            if (Files.isSymbolicLink(file)) {
                throw new CommandException(
                        file + " is a symbolic link, which is not replaced; renew the file where it is,"
                                + " or delete the link.");
            }
        }
        var newKey = aside(key(party), ".new");
        var newCertificate = aside(certificate(party), ".new");
        try {
            Files.deleteIfExists(newKey);
            Files.deleteIfExists(newCertificate);
            try (var pkcs8 = SecretBytes.takeOver(identity.key().getEncoded())) {
                KeyFiles.writePem(newKey, pkcs8);
            }
            NewFiles.writePublic(newCertificate, CertificateFiles.pem(identity.certificate()));
            keep(key(party));
            keep(certificate(party));
            Files.move(newKey, key(party), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.move(
                    newCertificate,
                    certificate(party),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new CommandException(
                    "The files of P" + party + " in " + folder + " cannot be replaced; check that they are yours.", e);
        }
    }

    private static void keep(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.copy(
                    file, aside(file, ".old"), StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    private static Path aside(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /// @param count of the links
    /// @param warnings a line for each link that was deleted and each file that was moved
    record Links(int count, List<String> warnings) {
        Links {
            warnings = List.copyOf(warnings);
        }
    }

    /// Links the certificates of parties and clients, as `openssl rehash` does with all certificates, and
    /// deletes other links. VMs trust each certificate that OpenSSL finds by such a name. A link that MP-SPDZ
    /// looks up meanwhile is always there.
    Links relink() throws CommandException {
        try {
            var wanted = new TreeMap<String, String>();
            for (var name : names(CERTIFICATE)) {
                if (CertificateFile.read(folder.resolve(name)) instanceof Certificates read) {
                    wanted.put(free(SubjectHash.linkName(read.first()), wanted), name);
                }
            }
            var warnings = new ArrayList<String>();
            for (var link : wanted.entrySet()) {
                keepRegularFile(folder.resolve(link.getKey()), warnings);
                point(folder.resolve(link.getKey()), Path.of(link.getValue()));
            }
            deleteOthers(wanted.keySet(), warnings);
            return new Links(wanted.size(), warnings);
        } catch (IOException e) {
            throw new CommandException(
                    "Cannot create the links in " + folder + "; check that the folder and its links are yours.", e);
        }
    }

    private static void keepRegularFile(Path file, List<String> warnings) throws IOException {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            var old = aside(file, ".old");
            Files.copy(file, old, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            warnings.add("Warning: " + file + " was a file instead of a link. It is now " + old.getFileName()
                    + ", which OpenSSL does not read.");
        }
    }

    /// @return names of files of this form, in order
    private List<String> names(Pattern form) throws IOException {
        try (var files = Files.list(folder)) {
            return new ArrayList<>(new TreeSet<>(files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> form.matcher(name).matches())
                    .toList()));
        }
    }

    /// Certificates of one name have numbers one after the other.
    private static String free(String first, TreeMap<String, String> taken) {
        var hash = first.substring(0, first.indexOf('.') + 1);
        int number = 0;
        while (taken.containsKey(hash + number)) {
            number++;
        }
        return hash + number;
    }

    private static void point(Path link, Path target) throws IOException {
        if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
            return;
        }
        var made = link.resolveSibling(link.getFileName() + ".new");
        Files.deleteIfExists(made);
        Files.createSymbolicLink(made, target);
        Files.move(made, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void deleteOthers(Set<String> wanted, List<String> warnings) throws IOException {
        for (var name : names(LINK)) {
            var file = folder.resolve(name);
            if (wanted.contains(name)) {
                continue;
            }
            if (Files.isSymbolicLink(file)) {
                if (Files.exists(file) && !CERTIFICATE.matcher(target(file)).matches()) {
                    warnings.add("Warning: " + file + " was deleted. It led to " + target(file)
                            + ", and VMs would trust all certificates in it. Only P<i>.pem and C<i>.pem are linked.");
                }
                Files.delete(file);
            }
        }
    }

    private static String target(Path link) throws IOException {
        return Files.readSymbolicLink(link).toString();
    }

    /// @return what the file of a party's certificate has; empty without one
    List<X509Certificate> read(int party) throws CommandException {
        return Files.exists(certificate(party)) ? CertificateFiles.read(certificate(party)) : List.of();
    }
}
