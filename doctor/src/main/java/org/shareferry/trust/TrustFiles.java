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
import org.shareferry.member.MemberName;

/// Where a member's trust is on disk.
///
/// @param pins PEM file of pinned certificates; may be missing or empty if there are authorities
/// @param authorities JSON file of [authorities][AuthoritiesFile]; may be missing
public record TrustFiles(Path pins, Path authorities) {
    /// The largest file that is read, in bytes.
    private static final int LARGEST = 1 << 20;

    /// @param own this member
    /// @param local the names of its users and monitors
    /// @throws TrustFileException when a file cannot be used, or nobody would be trusted
    public Trust read(MemberName own, Collection<String> local) throws TrustFileException {
        var named = readAuthorities();
        var pinned = readPins();
        if (pinned.isEmpty() && named.isEmpty()) {
            throw new TrustFileException(pins + (Files.exists(pins) ? " holds no certificate" : " does not exist")
                    + "; put the neighbours' certificates into it with `shareferry trust`.");
        }
        return new Trust(pinned, named, own, local);
    }

    private List<X509Certificate> readPins() throws TrustFileException {
        try {
            // Text between certificates may be in any encoding.
            return PemCertificates.parse(text(pins, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw unreadable(pins, e);
        } catch (MalformedException e) {
            throw new TrustFileException(
                    "A certificate in " + pins + " is damaged; make the file again with `shareferry trust`.", e);
        }
    }

    private List<Authority> readAuthorities() throws TrustFileException {
        try {
            return AuthoritiesFile.parse(text(authorities, StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw unreadable(authorities, e);
        } catch (MalformedException e) {
            throw new TrustFileException(
                    authorities + " is not usable: " + e.reason()
                            + " Make it again with `shareferry trust --authority`.",
                    e);
        }
    }

    private static TrustFileException unreadable(Path file, IOException cause) {
        return new TrustFileException(
                file + " cannot be read; check its permissions and that it is the right file.", cause);
    }

    private static String text(Path file, java.nio.charset.Charset charset) throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("The file is larger than any of its kind.");
        }
        return Files.readString(file, charset);
    }
}
