// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1BMPString;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1IA5String;
import org.bouncycastle.asn1.ASN1PrintableString;
import org.bouncycastle.asn1.ASN1T61String;
import org.bouncycastle.asn1.ASN1UTF8String;
import org.bouncycastle.asn1.ASN1UniversalString;
import org.bouncycastle.asn1.ASN1VisibleString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha1;

/// The file name by which OpenSSL finds a certificate in a folder: `<subject hash>.0`, `.1`, … The hash is the
/// first four bytes, little-endian, of SHA-1 over the name's canonical encoding: its RDNs one after the other, text
/// as UTF-8 in lower case with single spaces (X509_NAME_hash_ex, `openssl x509 -subject_hash`).
public final class SubjectHash {
    private static final Pattern UPPER = Pattern.compile("[A-Z]+");

    private SubjectHash() {}

    /// @param subject a name in a certificate that is [CertificateContent.Parsed]
    /// @return eight lower-case hex digits
    public static String of(X500Principal subject) {
        var digest =
                Sha1.of(canonical(X500Name.getInstance(subject.getEncoded()))).toArray();
        return HexFormat.of().formatHex(new byte[] {digest[3], digest[2], digest[1], digest[0]});
    }

    /// The name of the link to a certificate that is the only one with its subject.
    ///
    /// @return such as `176c8f38.0`
    public static String linkName(X509Certificate certificate) {
        return of(certificate.getSubjectX500Principal()) + ".0";
    }

    /// @throws RuntimeException if OpenSSL cannot read the name either, because a text has an invalid encoding
    static Bytes canonical(X500Name name) {
        var encoded = new ByteArrayOutputStream();
        try {
            for (var rdn : name.getRDNs()) {
                canonical(rdn).encodeTo(encoded, ASN1Encoding.DER);
            }
        } catch (IOException e) {
            throw new IllegalStateException("Encoding in memory failed.", e);
        }
        return Bytes.of(encoded.toByteArray());
    }

    private static DERSet canonical(RDN rdn) {
        return new DERSet(Arrays.stream(rdn.getTypesAndValues())
                .map(attribute -> new AttributeTypeAndValue(attribute.getType(), canonical(attribute.getValue())))
                .toArray(ASN1Encodable[]::new));
    }

    /// All other types are used unchanged.
    private static ASN1Encodable canonical(ASN1Encodable value) {
        return switch (value.toASN1Primitive()) {
            case ASN1UTF8String text -> canonicalText(text);
            case ASN1PrintableString text -> canonicalText(text);
            case ASN1T61String text -> canonicalText(text);
            case ASN1IA5String text -> canonicalText(text);
            case ASN1VisibleString text -> canonicalText(text);
            case ASN1UniversalString text -> canonicalText(text);
            case ASN1BMPString text -> canonicalText(text);
            default -> value;
        };
    }

    /// Only ASCII letters are lower-cased.
    private static ASN1Encodable canonicalText(ASN1Encodable text) {
        var spaced = NameText.of(text)
                .replaceAll("^[ \\t\\n\\x0B\\f\\r]+|[ \\t\\n\\x0B\\f\\r]+$", "")
                .replaceAll("[ \\t\\n\\x0B\\f\\r]+", " ");
        return new DERUTF8String(
                UPPER.matcher(spaced).replaceAll(letters -> letters.group().toLowerCase(Locale.ROOT)));
    }
}
