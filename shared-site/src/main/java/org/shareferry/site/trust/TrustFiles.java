// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.file.BoundedFile;
import org.shareferry.member.MemberName;
import org.shareferry.site.pem.CertificateFile;
import org.shareferry.site.trust.TrustFile.Content;
import org.shareferry.site.trust.TrustFile.Damaged;
import org.shareferry.site.trust.TrustFile.Whole;

/// The files of a member's trust.
///
/// @param pins PEM file of pinned certificates; may be missing or empty if there are authorities
/// @param authorities JSON file of [authorities][AuthoritiesFile]; may be missing
public record TrustFiles(Path pins, Path authorities) {
    private static final String REMEDY = " Put the neighbours' certificates into it with `shareferry trust`.";

    /// @param own this member
    /// @param local the names of its users and monitors
    /// @throws TrustFileException when a file cannot be used, or nobody would be trusted
    public Trust read(MemberName own, Collection<String> local) throws TrustFileException {
        return trust(readPins(), readAuthorities(), own, local);
    }

    /// @param pins the content of the file
    /// @param authorities the content of the file
    /// @param own this member
    /// @param local the names of its users and monitors
    /// @throws TrustFileException when a file cannot be used, or nobody would be trusted
    public Trust trust(
            TrustFile<X509Certificate> pins, TrustFile<Authority> authorities, MemberName own, Collection<String> local)
            throws TrustFileException {
        var named = whole(authorities);
        var pinned = whole(pins);
        if (named.isEmpty() && pinned.isEmpty()) {
            throw new TrustFileException(this.pins + " cannot be used. "
                    + (pins.digest().equals(Bytes.empty()) ? "It does not exist." : "It is empty.") + REMEDY);
        }
        return new Trust(pinned, named, own, local);
    }

    private static <T> List<T> whole(TrustFile<T> file) throws TrustFileException {
        return switch (file.content().get()) {
            case Whole<T> whole -> whole.all();
            case Damaged<T> damaged -> throw new TrustFileException(damaged.why());
        };
    }

    /// @return the file of pins, as it is now
    public TrustFile<X509Certificate> readPins() {
        return read(pins, this::parsePins);
    }

    /// @return the file of authorities, as it is now
    public TrustFile<Authority> readAuthorities() {
        return read(authorities, this::parseAuthorities);
    }

    private static <T> TrustFile<T> read(Path file, Function<Bytes, Content<T>> parse) {
        try {
            var content = Bytes.of(BoundedFile.read(file, CertificateFile.LARGEST));
            return new TrustFile<>(Sha256.of(content), () -> parse.apply(content));
        } catch (NoSuchFileException e) {
            return new TrustFile<>(Bytes.empty(), () -> new Whole<>(List.of()));
        } catch (IOException e) {
            var why = file + " cannot be read; check its permissions and that it is the right file.";
            return new TrustFile<>(Bytes.ascii("unreadable"), () -> new Damaged<>(List.of(), why));
        }
    }

    private Content<X509Certificate> parsePins(Bytes content) {
        if (content.size() == 0) {
            return new Whole<>(List.of());
        }
        return switch (CertificateFile.parse(content)) {
            case CertificateFile.Certificates read -> new Whole<>(read.certificates());
            case CertificateFile.Unusable unusable ->
                new Damaged<>(CertificateFile.usable(content), pins + " cannot be used. " + unusable.why() + REMEDY);
        };
    }

    private Content<Authority> parseAuthorities(Bytes content) {
        var json = new String(content.toArray(), StandardCharsets.UTF_8);
        try {
            return new Whole<>(AuthoritiesFile.parse(json));
        } catch (MalformedException e) {
            return new Damaged<>(
                    AuthoritiesFile.usable(json),
                    authorities + " is unusable: " + e.reason() + " Create it again with `shareferry trust"
                            + " --authority`.");
        }
    }
}
