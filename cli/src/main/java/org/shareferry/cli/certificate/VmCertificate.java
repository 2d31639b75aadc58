// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.certificate;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A VM's certificate as MP-SPDZ's `Scripts/setup-ssl.sh` makes it: `openssl req -newkey rsa -nodes -x509
/// -subj /CN=P0`, so RSA of 2048 bits and self-signed. MP-SPDZ checks the common name. Unlike that script's,
/// it is no authority: with an authority's key a party could sign a certificate of any other party's name,
/// and all VMs that have its file would accept it.
final class VmCertificate {
    private static final int BITS = 2_048;
    private static final Duration EARLIER = Duration.ofMinutes(10);
    private static final SecureRandom RANDOM = new SecureRandom();

    private VmCertificate() {}

    /// @param commonName such as `P0`
    /// @param lifetime from now to its end
    static TlsIdentity make(String commonName, Instant now, Duration lifetime) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(BITS, RANDOM);
            var keys = generator.generateKeyPair();
            var name = new X500Name("CN=" + commonName);
            var identifiers = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(127, RANDOM).setBit(126),
                            Date.from(now.minus(EARLIER)),
                            Date.from(now.plus(lifetime)),
                            name,
                            keys.getPublic())
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            identifiers.createSubjectKeyIdentifier(keys.getPublic()))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            identifiers.createAuthorityKeyIdentifier(keys.getPublic()))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            var signed = builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate()));
            return new TlsIdentity(new JcaX509CertificateConverter().getCertificate(signed), keys.getPrivate());
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("Every Java platform supports RSA certificates.", e);
        }
    }
}
