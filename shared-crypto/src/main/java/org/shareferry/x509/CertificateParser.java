// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.json.PlainText;

/// Reads certificates with Bouncy Castle's ASN.1 classes. They report failures by several unrelated exceptions, which
/// become [CertificateContent.Malformed] here.
final class CertificateParser {
    private CertificateParser() {}

    static CertificateContent parse(Bytes der) {
        try {
            return parsed(Certificate.getInstance(ASN1Primitive.fromByteArray(der.toArray())));
        } catch (IOException | RuntimeException e) {
            return new CertificateContent.Malformed(PlainText.of(String.valueOf(e.getMessage())));
        } catch (StackOverflowError e) {
            return new CertificateContent.Malformed("its elements are nested too deeply");
        }
    }

    private static CertificateContent parsed(Certificate certificate) {
        var fields = certificate.getTBSCertificate();
        SubjectHash.canonical(fields.getSubject());
        SubjectHash.canonical(fields.getIssuer());
        var extensions = fields.getExtensions();
        var alternatives = alternatives(extensions);
        return new CertificateContent.Parsed(
                commonNames(fields.getSubject()),
                alternatives.stream()
                        .filter(name -> name.getTagNo() == GeneralName.dNSName)
                        .map(name -> NameText.of(name.getName()))
                        .toList(),
                alternatives.stream()
                        .filter(name -> name.getTagNo() == GeneralName.iPAddress)
                        .map(name -> address(name.getName()))
                        .toList(),
                fields.getStartDate().getDate().toInstant(),
                fields.getEndDate().getDate().toInstant(),
                isSigningAllowed(extensions),
                values(extensions));
    }

    private static List<String> commonNames(X500Name subject) {
        return Arrays.stream(subject.getRDNs())
                .flatMap(rdn -> Arrays.stream(rdn.getTypesAndValues()))
                .filter(attribute -> attribute.getType().equals(BCStyle.CN))
                .map(attribute -> NameText.of(attribute.getValue()))
                .toList();
    }

    private static List<GeneralName> alternatives(@Nullable Extensions extensions) {
        return extension(extensions, Extension.subjectAlternativeName)
                .map(extension -> List.of(
                        GeneralNames.getInstance(extension.getParsedValue()).getNames()))
                .orElseGet(List::of);
    }

    private static boolean isSigningAllowed(@Nullable Extensions extensions) {
        return extension(extensions, Extension.keyUsage)
                .filter(extension ->
                        KeyUsage.getInstance(extension.getParsedValue()).hasUsages(KeyUsage.keyCertSign))
                .isPresent();
    }

    private static Optional<Extension> extension(@Nullable Extensions extensions, ASN1ObjectIdentifier oid) {
        return Optional.ofNullable(extensions).map(all -> all.getExtension(oid));
    }

    private static Map<String, CertificateContent.Extension> values(@Nullable Extensions extensions) {
        var values = new LinkedHashMap<String, CertificateContent.Extension>();
        Stream.ofNullable(extensions)
                .flatMap(all -> Arrays.stream(all.getExtensionOIDs()).map(all::getExtension))
                .forEach(extension -> values.put(
                        extension.getExtnId().getId(),
                        new CertificateContent.Extension(
                                extension.isCritical(),
                                Bytes.of(extension.getExtnValue().getOctets()))));
        return values;
    }

    private static String address(ASN1Encodable value) {
        try {
            return InetAddress.getByAddress(ASN1OctetString.getInstance(value).getOctets())
                    .getHostAddress();
        } catch (UnknownHostException e) {
            return NameText.hex(value);
        }
    }
}
