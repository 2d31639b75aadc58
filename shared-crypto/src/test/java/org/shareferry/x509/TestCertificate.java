// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.shareferry.crypto.Bytes;

/// Encodes a self-signed certificate field by field, also with content that certificate builders refuse.
public final class TestCertificate {
    /// The certificates are valid for a day before and after.
    public static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    private static final KeyPair KEYS = keys();
    private static final AlgorithmIdentifier ECDSA = new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);

    private final List<ASN1Encodable> commonNames = new ArrayList<>();
    private final List<ASN1Encodable> extensions = new ArrayList<>();
    private int version = 3;

    private TestCertificate() {}

    /// @return a certificate without extensions and names
    public static TestCertificate empty() {
        return new TestCertificate();
    }

    /// @return a certificate as `shareferry vm-certificates` creates it
    public static TestCertificate ofVm(String name) {
        return empty().commonName(name).basicConstraints(new BasicConstraints(false));
    }

    public TestCertificate commonName(String name) {
        return commonName(new DERUTF8String(name));
    }

    public TestCertificate commonName(ASN1Encodable value) {
        commonNames.add(value);
        return this;
    }

    public TestCertificate basicConstraints(ASN1Encodable value) {
        return extension(Extension.basicConstraints, true, encoded(value));
    }

    public TestCertificate dns(String... names) {
        var all = List.of(names).stream()
                .map(name -> new GeneralName(GeneralName.dNSName, name))
                .toArray(GeneralName[]::new);
        return extension(Extension.subjectAlternativeName, false, encoded(new GeneralNames(all)));
    }

    public TestCertificate extension(ASN1ObjectIdentifier oid, boolean isCritical, byte[] value) {
        extensions.add(new Extension(oid, isCritical, value));
        return this;
    }

    /// Leaves out the extensions.
    public TestCertificate version1() {
        version = 1;
        return this;
    }

    public Bytes der() {
        try {
            var fields = fields();
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(KEYS.getPrivate());
            signature.update(encoded(fields));
            return Bytes.of(
                    encoded(new DERSequence(new ASN1Encodable[] {fields, ECDSA, new DERBitString(signature.sign())})));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public X509Certificate certificate() throws GeneralSecurityException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der().toArray()));
    }

    private static DERSequence name(List<ASN1Encodable> commonNames) {
        return new DERSequence(commonNames.stream()
                .map(value -> new DERSet(new DERSequence(new ASN1Encodable[] {BCStyle.CN, value})))
                .toArray(ASN1Encodable[]::new));
    }

    private DERSequence fields() {
        var name = name(commonNames);
        var fields = new ASN1EncodableVector();
        if (version > 1) {
            fields.add(new DERTaggedObject(0, new ASN1Integer(version - 1)));
        }
        fields.add(new ASN1Integer(BigInteger.ONE));
        fields.add(ECDSA);
        // An issuer's name must not be empty (RFC 5280 §4.1.2.4).
        fields.add(commonNames.isEmpty() ? name(List.of(new DERUTF8String("issuer"))) : name);
        fields.add(new DERSequence(new ASN1Encodable[] {
            new Time(Date.from(NOW.minusSeconds(86_400))), new Time(Date.from(NOW.plusSeconds(86_400)))
        }));
        fields.add(name);
        fields.add(SubjectPublicKeyInfo.getInstance(KEYS.getPublic().getEncoded()));
        if (version == 3 && !extensions.isEmpty()) {
            fields.add(new DERTaggedObject(3, new DERSequence(extensions.toArray(ASN1Encodable[]::new))));
        }
        return new DERSequence(fields);
    }

    static byte[] encoded(ASN1Encodable value) {
        try {
            return value.toASN1Primitive().getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
