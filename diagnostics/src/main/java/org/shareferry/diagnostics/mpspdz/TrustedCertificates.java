// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.shareferry.crypto.Bytes;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.diagnostics.storage.FileAccess;
import org.shareferry.file.BoundedFile;
import org.shareferry.json.PlainText;
import org.shareferry.keys.PemBlock;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.mpspdz.VmCertificateCheck.MaySignOthers;
import org.shareferry.mpspdz.VmCertificateCheck.WrongName;
import org.shareferry.site.Shell;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.x509.CertificateContent;

/// The certificates that VMs trust, whoever put them into MP-SPDZ's folder. OpenSSL reads files named
/// `<subject hash>.<number>`, links and regular files, and trusts each certificate in them
/// (`X509_LOOKUP_hash_dir`, `X509_load_cert_file`). The files of parties and clients are checked even without a link.
final class TrustedCertificates {
    private static final Pattern MEMBER = Pattern.compile("[CP][0-9]{1,4}\\.pem");
    private static final Pattern HASH_NAME = Pattern.compile("[0-9a-f]{8}\\.(0|[1-9][0-9]*)");

    private final Path folder;
    private final Instant now;
    private final HashLinks links;
    private final Findings findings;
    private final Set<X509Certificate> own = new HashSet<>();
    private final Map<X509Certificate, List<Place>> places = new LinkedHashMap<>();

    /// @param file such as `P1.pem` or `3c8d1f60.0`
    /// @param number of the certificate in it, from 1 on
    private record Place(String file, int number) {
        boolean isMember() {
            return MEMBER.matcher(file).matches();
        }

        boolean isFirstOfMember() {
            return isMember() && number == 1;
        }

        String name() {
            return file.substring(0, file.indexOf('.'));
        }

        @Override
        public String toString() {
            return number == 1 ? file : file + " certificate " + number;
        }
    }

    /// @param links that were examined for the files of members
    TrustedCertificates(Path folder, Instant now, HashLinks links, Findings findings) {
        this.folder = folder;
        this.now = now;
        this.links = links;
        this.findings = findings;
    }

    /// Reports certificates whose owners could pose as others. One whose key is in the folder belongs to this site.
    void examine() {
        for (var file : files()) {
            read(file);
        }
        places.forEach((certificate, found) -> {
            if (!own.contains(certificate)
                    && !now.isAfter(certificate.getNotAfter().toInstant())) {
                examine(certificate, found);
            }
        });
    }

    /// @return files of members, followed by those with hash names
    private List<String> files() {
        try (var files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> MEMBER.matcher(name).matches()
                            || HASH_NAME.matcher(name).matches())
                    .sorted(Comparator.comparing(
                                    (String name) -> !MEMBER.matcher(name).matches())
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        } catch (IOException e) {
            // A service needs only its own files; the check of a whole folder reports this.
            return List.of();
        }
    }

    private void read(String file) {
        try {
            var content = Bytes.of(BoundedFile.read(folder.resolve(file), CertificateFile.LARGEST));
            var certificates = CertificateFile.usable(content);
            for (int i = 0; i < certificates.size(); i++) {
                places.computeIfAbsent(certificates.get(i), key -> new ArrayList<>())
                        .add(new Place(file, i + 1));
            }
            if (MEMBER.matcher(file).matches() && !certificates.isEmpty() && hasKey(file)) {
                own.add(certificates.getFirst());
            }
            var blocks = PemBlock.in(content.toArray()).stream()
                    .filter(block -> CertificateFile.LABELS.contains(block.label()));
            if (blocks.count() > certificates.size()) {
                unreadable(file, "It contains a certificate that cannot be read.");
            }
        } catch (IOException e) {
            unreadable(file, "It cannot be read: " + FileAccess.reason(e) + ".");
        }
    }

    private boolean hasKey(String file) {
        return Files.exists(folder.resolve(file.replace(".pem", ".key")), LinkOption.NOFOLLOW_LINKS);
    }

    /// Others check the files of members.
    private void unreadable(String file, String why) {
        if (!MEMBER.matcher(target(folder.resolve(file)).getFileName().toString())
                .matches()) {
            findings.add(
                    file,
                    Fault.UNEXPECTED_VM_CERTIFICATE,
                    why + " OpenSSL may trust certificates in it.",
                    delete(List.of(new Place(file, 1))));
        }
    }

    /// @return the file that a link leads to; another file unchanged
    private Path target(Path file) {
        try {
            return Files.isSymbolicLink(file) ? folder.resolve(Files.readSymbolicLink(file)) : file;
        } catch (IOException e) {
            return file;
        }
    }

    private void examine(X509Certificate certificate, List<Place> found) {
        var first = found.getFirst();
        if (VmCertificateCheck.maySignOthers(certificate)) {
            findings.add(
                    first + " basicConstraints",
                    Fault.VM_CERTIFICATE_MAY_SIGN_OTHERS,
                    first.isMember()
                            ? new MaySignOthers(first.name()).why()
                            : "It may sign certificates of all parties and clients, and OpenSSL finds it by its name.",
                    fix(found));
        } else if (!first.isFirstOfMember()) {
            if (found.stream().allMatch(place -> links.isReported(place.file()))) {
                return;
            }
            findings.add(
                    first.toString(),
                    Fault.UNEXPECTED_VM_CERTIFICATE,
                    "VMs trust this certificate of " + names(certificate) + ", which is not the first one of a file"
                            + " P<i>.pem or C<i>.pem.",
                    fix(found));
        } else if (VmCertificateCheck.isAcceptedFor(certificate, first.name())
                && VmCertificateCheck.check(CertificateContent.of(certificate), first.name(), now)
                        instanceof WrongName further) {
            findings.add(first.toString(), Fault.UNEXPECTED_VM_CERTIFICATE, further.why(), fix(found));
        }
    }

    private static String names(X509Certificate certificate) {
        return switch (CertificateContent.of(certificate)) {
            case CertificateContent.Malformed malformed -> "an unreadable name";
            case CertificateContent.Parsed parsed ->
                Stream.concat(parsed.commonNames().stream(), parsed.dnsNames().stream())
                        .map(PlainText::of)
                        .distinct()
                        .collect(Collectors.joining(", "));
        };
    }

    private String fix(List<Place> found) {
        var first = found.getFirst();
        if (!first.isMember()) {
            return delete(found);
        }
        var file = first.name() + ".pem";
        return first.name().startsWith("P")
                ? MpSpdzFolder.install(folder, first.name(), "NEW/" + file) + " # with a new " + file + " of "
                        + first.name()
                : "cp NEW/" + file + " " + Shell.word(folder.resolve(file)) + " && openssl rehash " + Shell.word(folder)
                        + " # with a new " + file + " of " + first.name();
    }

    /// A link would be created again as long as the file is there that it leads to.
    private String delete(List<Place> found) {
        var files = new TreeSet<Path>();
        for (var place : found) {
            files.add(folder.resolve(place.file()));
            files.add(target(folder.resolve(place.file())));
        }
        return "rm " + files.stream().map(Shell::word).collect(Collectors.joining(" ")) + " && openssl rehash "
                + Shell.word(folder);
    }
}
