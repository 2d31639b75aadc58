// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.pem;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/// The kinds of keys that TLS on the Java platform supports.
final class KeyKind {
    /// For the end of a sentence.
    static final String SUPPORTED = "use EC on P-256, P-384 or P-521, RSA, Ed25519 or Ed448";

    /// The last two are Ed25519 and Ed448 (RFC 8410 §3).
    private static final Map<ASN1ObjectIdentifier, String> ALGORITHMS = Map.of(
            PKCSObjectIdentifiers.rsaEncryption,
            "RSA",
            PKCSObjectIdentifiers.id_RSASSA_PSS,
            "RSASSA-PSS",
            X9ObjectIdentifiers.id_ecPublicKey,
            "EC",
            new ASN1ObjectIdentifier("1.3.101.112"),
            "EdDSA",
            new ASN1ObjectIdentifier("1.3.101.113"),
            "EdDSA");

    /// The platform can read keys on other curves, but not sign with them.
    private static final Set<ASN1Encodable> CURVES =
            Set.of(SECObjectIdentifiers.secp256r1, SECObjectIdentifiers.secp384r1, SECObjectIdentifiers.secp521r1);

    private KeyKind() {}

    /// @return the platform's name of the algorithm, if TLS supports it
    static Optional<String> algorithm(AlgorithmIdentifier identifier) {
        return Optional.ofNullable(ALGORITHMS.get(identifier.getAlgorithm()));
    }

    /// @param identifier a key's algorithm and, for EC, its curve
    /// @return the kind, for people, if TLS does not support it
    static Optional<String> unsupported(AlgorithmIdentifier identifier) {
        var algorithm = algorithm(identifier);
        if (algorithm.isEmpty()) {
            return Optional.of("of the kind " + identifier.getAlgorithm().getId());
        }
        return algorithm.get().equals("EC") && !CURVES.contains(identifier.getParameters())
                ? Optional.of("on the curve " + curve(identifier.getParameters()))
                : Optional.empty();
    }

    private static String curve(ASN1Encodable parameters) {
        if (parameters.toASN1Primitive() instanceof ASN1ObjectIdentifier oid) {
            return Optional.ofNullable(ECNamedCurveTable.getName(oid)).orElse(oid.getId());
        }
        return "with explicit parameters instead of a name";
    }
}
