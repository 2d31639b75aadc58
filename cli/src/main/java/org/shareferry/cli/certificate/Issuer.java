// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.EdECKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.shareferry.cli.CommandException;
import org.shareferry.keys.KeyFileException;

/// Makes X.509 certificates (RFC 5280) with EC P-256 keys: self-signed, or issued by an authority.
public final class Issuer {
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern IP = Pattern.compile("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");

    /// Clocks of neighbours may be behind ours.
    private static final Duration EARLIER = Duration.ofMinutes(10);

    private final Clock clock;
    private final Duration lifetime;
    private final Optional<TlsIdentity> authority;

    /// @param clock for the start of a certificate's validity
    /// @param lifetime from now to its end
    /// @param authority who signs; without one each certificate signs itself
    Issuer(Clock clock, Duration lifetime, Optional<TlsIdentity> authority) {
        this.clock = clock;
        this.lifetime = lifetime;
        this.authority = authority;
    }

    /// @param clock for the start of a certificate's validity
    /// @param lifetime from now to its end
    /// @return an issuer of certificates that sign themselves
    public static Issuer selfSigned(Clock clock, Duration lifetime) {
        return new Issuer(clock, lifetime, Optional.empty());
    }

    /// @param authority the folder of the signing authority, created by `shareferry authority`
    /// @return an issuer as above, but for who signs
    public static Issuer ofAuthority(Clock clock, Duration lifetime, Path authority)
            throws CommandException, KeyFileException {
        return new Issuer(clock, lifetime, Optional.of(AuthorityCommand.read(authority)));
    }

    /// @param commonName the member's name
    /// @param hosts host names and IP addresses under which neighbours reach its service
    /// @return a certificate that serves at both ends of a connection
    TlsIdentity service(String commonName, List<String> hosts) {
        return issue(commonName, hosts, KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth);
    }

    /// @param commonName a name listed in `shareferry.users` of the member's service
    /// @return a certificate that only calls
    TlsIdentity user(String commonName) {
        return issue(commonName, List.of(), KeyPurposeId.id_kp_clientAuth);
    }

    /// @param commonName what to call the authority
    /// @return a certificate that issues others
    TlsIdentity authority(String commonName) {
        try {
            var keys = keyPair();
            var extensions = new ExtensionsGenerator();
            extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return sign(name(commonName), keys, extensions);
        } catch (IOException e) {
            throw new IllegalStateException("Encoding in memory failed.", e);
        }
    }

    private TlsIdentity issue(String commonName, List<String> hosts, KeyPurposeId... purposes) {
        try {
            return sign(name(commonName), keyPair(), extensions(hosts, purposes));
        } catch (IOException e) {
            throw new IllegalStateException("Encoding in memory failed.", e);
        }
    }

    /// A request (PKCS #10, RFC 2986) for someone else's authority.
    ///
    /// @param request to send to the authority
    /// @param key the private key, which is not sent
    record Request(PKCS10CertificationRequest request, PrivateKey key) {}

    /// @param hosts as in [#service]; empty for a user's certificate
    static Request request(String commonName, List<String> hosts) {
        try {
            var keys = keyPair();
            KeyPurposeId[] purposes = hosts.isEmpty()
                    ? new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth}
                    : new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
            var builder = new JcaPKCS10CertificationRequestBuilder(name(commonName), keys.getPublic())
                    .addAttribute(
                            PKCSObjectIdentifiers.pkcs_9_at_extensionRequest,
                            extensions(hosts, purposes).generate());
            return new Request(
                    builder.build(new JcaContentSignerBuilder(SIGNATURE).build(keys.getPrivate())), keys.getPrivate());
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("This Java platform cannot sign with " + SIGNATURE + ".", e);
        }
    }

    private TlsIdentity sign(X500Name subject, KeyPair keys, ExtensionsGenerator extensions) {
        try {
            var now = clock.instant();
            var issuerKey = authority.map(TlsIdentity::key).orElse(keys.getPrivate());
            var issuerPublic =
                    authority.map(a -> a.certificate().getPublicKey()).orElse(keys.getPublic());
            var issuerName = authority
                    .map(a -> X500Name.getInstance(
                            a.certificate().getSubjectX500Principal().getEncoded()))
                    .orElse(subject);
            addKeyIdentifiers(extensions, keys.getPublic(), issuerPublic);
            var builder = new JcaX509v3CertificateBuilder(
                    issuerName,
                    new BigInteger(127, RANDOM).setBit(126),
                    Date.from(now.minus(EARLIER)),
                    Date.from(now.plus(lifetime)),
                    subject,
                    keys.getPublic());
            var all = extensions.generate();
            for (var id : all.getExtensionOIDs()) {
                builder.addExtension(all.getExtension(id));
            }
            var signed = builder.build(new JcaContentSignerBuilder(signature(issuerKey)).build(issuerKey));
            return new TlsIdentity(new JcaX509CertificateConverter().getCertificate(signed), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("A key that was read does not sign.", e);
        }
    }

    /// An authority from another program may have a key of another kind.
    private static String signature(PrivateKey key) {
        return switch (key.getAlgorithm()) {
            case "EC" -> SIGNATURE;
            case "RSA" -> "SHA256withRSA";
            case "RSASSA-PSS" -> "SHA256withRSAandMGF1";
            default -> key instanceof EdECKey edwards ? edwards.getParams().getName() : key.getAlgorithm();
        };
    }

    private static ExtensionsGenerator extensions(List<String> hosts, KeyPurposeId... purposes) throws IOException {
        var extensions = new ExtensionsGenerator();
        extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        extensions.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
        if (!hosts.isEmpty()) {
            var names = hosts.stream().map(Issuer::alternativeName).toArray(GeneralName[]::new);
            extensions.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        return extensions;
    }

    private static void addKeyIdentifiers(ExtensionsGenerator extensions, PublicKey subject, PublicKey issuer)
            throws GeneralSecurityException, IOException {
        var identifiers = new JcaX509ExtensionUtils();
        extensions.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(subject));
        extensions.addExtension(
                Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(issuer));
    }

    private static GeneralName alternativeName(String host) {
        return new GeneralName(IP.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static KeyPair keyPair() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This Java platform has no P-256.", e);
        }
    }
}
