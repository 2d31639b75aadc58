// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.shareferry.json.PlainText;
import org.shareferry.x509.CertificateContent;
import org.shareferry.x509.CertificateContent.Malformed;
import org.shareferry.x509.CertificateContent.Parsed;

/// MP-SPDZ's rules for certificates of parties and clients, and stricter ones for certificates of other parties.
///
/// MP-SPDZ's VMs accept any certificate that OpenSSL verifies against their folder (Player-Data) and that has the
/// expected name. So the owner of a certificate in that folder can pose as another party if the certificate has a
/// second name, or if it may sign others.
public sealed interface VmCertificateCheck {
    /// The owner can act as the named party only.
    record Fit() implements VmCertificateCheck {}

    /// The certificate must not be put into a VM's folder.
    sealed interface Unfit extends VmCertificateCheck {
        /// @return the reason for people: a sentence about "it", without the name of the file
        String why();
    }

    /// @param reason what is wrong, without a full stop
    record NotWellFormed(String reason) implements Unfit {
        @Override
        public String why() {
            return "It is not a well-formed X.509 certificate: " + reason + ".";
        }
    }

    /// It lacks the expected name or has further ones.
    ///
    /// @param names all its common names and DNS names, safe to print
    /// @param expected such as `P1`
    record WrongName(List<String> names, String expected) implements Unfit {
        public WrongName {
            names = List.copyOf(names);
        }

        @Override
        public String why() {
            return "It must be for " + expected + " alone, with one common name, but "
                    + (names.isEmpty() ? "has no name." : "is for " + String.join(", ", names) + ".");
        }
    }

    /// OpenSSL regards it as the certificate of an authority, or it claims to be one.
    record MaySignOthers(String name) implements Unfit {
        @Override
        public String why() {
            boolean isParty = name.startsWith("P");
            return "It may sign certificates of other parties: it must have basicConstraints CA:FALSE and no key usage"
                    + " keyCertSign. MP-SPDZ's Scripts/" + (isParty ? "setup-ssl.sh" : "setup-clients.sh")
                    + " creates certificates with CA:TRUE; `"
                    + (isParty
                            ? "shareferry vm-certificates --renew"
                            : "openssl req -x509 -addext basicConstraints=critical,CA:FALSE")
                    + "` at " + name + " creates one with CA:FALSE.";
        }
    }

    /// @param oid the object identifier of a critical extension that a VM's certificate does not need
    record UnexpectedCriticalExtension(String oid) implements Unfit {
        @Override
        public String why() {
            return "It has the critical extension " + oid + ", which is not allowed in a VM's certificate.";
        }
    }

    /// @param from the start of its validity
    record NotYetValid(Instant from) implements Unfit {
        @Override
        public String why() {
            return "It is not valid before " + from + ".";
        }
    }

    /// @param end the end of its validity
    record Expired(Instant end) implements Unfit {
        @Override
        public String why() {
            return "It expired at " + end + ".";
        }
    }

    /// Critical extensions that OpenSSL understands and that VMs' certificates may have: keyUsage,
    /// subjectAltName, basicConstraints, extKeyUsage.
    Set<String> KNOWN_EXTENSIONS = Set.of("2.5.29.15", "2.5.29.17", "2.5.29.19", "2.5.29.37");

    /// MP-SPDZ's host name verification (X509_check_host): DNS names, if there are any, override the common name,
    /// and case is ignored.
    ///
    /// @param name of a party or client of MP-SPDZ, such as `P1` or `C0`
    /// @return whether MP-SPDZ accepts the certificate for this name
    static boolean isAcceptedFor(X509Certificate certificate, String name) {
        return switch (CertificateContent.of(certificate)) {
            case Malformed malformed -> false;
            case Parsed parsed -> isAcceptedFor(parsed, name);
        };
    }

    private static boolean isAcceptedFor(Parsed certificate, String name) {
        var names = certificate.dnsNames().isEmpty() ? certificate.commonNames() : certificate.dnsNames();
        return names.stream().anyMatch(name::equalsIgnoreCase);
    }

    /// @return whether MP-SPDZ accepts certificates that the owner of this one signed, for any name
    static boolean maySignOthers(X509Certificate certificate) {
        return switch (CertificateContent.of(certificate)) {
            case Malformed malformed -> true;
            case Parsed parsed -> maySignOthers(parsed);
        };
    }

    private static boolean maySignOthers(Parsed certificate) {
        return !certificate.isDeclaredNoAuthority() || certificate.isSigningAllowed();
    }

    /// Checks a certificate that another party sent, before it is put into a VM's folder.
    ///
    /// @param name of that party, such as `P1`
    static VmCertificateCheck check(CertificateContent certificate, String name, Instant now) {
        return switch (certificate) {
            case Malformed malformed -> new NotWellFormed(malformed.why());
            case Parsed parsed -> objection(parsed, name, now).orElseGet(Fit::new);
        };
    }

    private static Optional<VmCertificateCheck> objection(Parsed certificate, String name, Instant now) {
        var names = Stream.concat(certificate.commonNames().stream(), certificate.dnsNames().stream())
                .toList();
        if (certificate.commonNames().size() != 1 || !names.stream().allMatch(name::equalsIgnoreCase)) {
            return Optional.of(new WrongName(names.stream().map(PlainText::of).toList(), name));
        }
        if (maySignOthers(certificate)) {
            return Optional.of(new MaySignOthers(name));
        }
        var unexpected = certificate.extensions().entrySet().stream()
                .filter(entry -> entry.getValue().isCritical())
                .map(Map.Entry::getKey)
                .filter(oid -> !KNOWN_EXTENSIONS.contains(oid))
                .findFirst();
        if (unexpected.isPresent()) {
            return unexpected.map(UnexpectedCriticalExtension::new);
        }
        if (now.isBefore(certificate.notBefore())) {
            return Optional.of(new NotYetValid(certificate.notBefore()));
        }
        return now.isAfter(certificate.notAfter())
                ? Optional.of(new Expired(certificate.notAfter()))
                : Optional.empty();
    }
}
