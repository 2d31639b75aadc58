// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.file.BoundedFile;
import org.shareferry.member.MemberName;
import org.shareferry.pem.CertificateFile;
import org.shareferry.pem.PemFault;

/// Where a member's trust is on disk.
///
/// @param pins PEM file of pinned certificates; may be missing if there are authorities
/// @param authorities JSON file of [authorities][AuthoritiesFile]; may be missing
public record TrustFiles(Path pins, Path authorities) {
    /// @param own this member
    /// @param local the names of its users and monitors
    /// @throws TrustFileException when a file cannot be used, or nobody would be trusted
    public Trust read(MemberName own, Collection<String> local) throws TrustFileException {
        var named = readAuthorities();
        var pinned = readPins(!named.isEmpty());
        return new Trust(pinned, named, own, local);
    }

    /// Reads the files again while the member runs: pins that are all taken away, with their file or in it, are trusted
    /// no more, even if nobody is left.
    ///
    /// @throws TrustFileException when a file that has content cannot be used
    public Trust readAgain(MemberName own, Collection<String> local) throws TrustFileException {
        return new Trust(isEmpty(pins) ? List.of() : readPins(true), readAuthorities(), own, local);
    }

    private static boolean isEmpty(Path file) {
        try {
            return Files.size(file) == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private List<X509Certificate> readPins(boolean mayBeMissing) throws TrustFileException {
        return switch (CertificateFile.read(pins)) {
            case CertificateFile.Certificates read -> read.certificates();
            case CertificateFile.Unusable unusable -> {
                if (mayBeMissing && unusable.fault() == PemFault.MISSING) {
                    yield List.of();
                }
                throw new TrustFileException(pins + " cannot be used. " + unusable.why()
                        + " Put the neighbours' certificates into it with `shareferry trust`.");
            }
        };
    }

    private List<Authority> readAuthorities() throws TrustFileException {
        try {
            return AuthoritiesFile.parse(
                    new String(BoundedFile.read(authorities, CertificateFile.LARGEST), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new TrustFileException(
                    authorities + " cannot be read; check its permissions and that it is the right file.", e);
        } catch (MalformedException e) {
            throw new TrustFileException(
                    authorities + " is not usable: " + e.reason()
                            + " Make it again with `shareferry trust --authority`.",
                    e);
        }
    }
}
