// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.x509;

import java.io.IOException;
import java.nio.charset.Charset;
import java.util.HexFormat;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.ASN1UniversalString;

/// Values of name attributes as text.
final class NameText {
    private static final Charset UTF_32 = Charset.forName("UTF-32BE");

    private NameText() {}

    /// @return the text of a string of any ASN.1 type; `#` and hex digits for other values (RFC 4514 §2.4)
    static String of(ASN1Encodable value) {
        return switch (value.toASN1Primitive()) {
            // Its getString() returns hex digits.
            case ASN1UniversalString universal -> new String(universal.getOctets(), UTF_32);
            case ASN1String text -> text.getString();
            default -> hex(value);
        };
    }

    /// @return `#` and the hex digits of the DER encoding
    static String hex(ASN1Encodable value) {
        try {
            return "#" + HexFormat.of().formatHex(value.toASN1Primitive().getEncoded(ASN1Encoding.DER));
        } catch (IOException e) {
            throw new IllegalStateException("Encoding in memory failed.", e);
        }
    }
}
