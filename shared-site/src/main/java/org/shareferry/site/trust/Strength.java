// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.trust;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PSSParameterSpec;
import java.util.Locale;
import java.util.Optional;

/// Refuses weak keys and signatures. Java accepts them from authorities that are not in its own list. Sources: NIST
/// SP 800-131A Rev. 2 §3 (RSA below 2048 bits, SHA-1 for signatures), RFC 6194.
public final class Strength {
    private static final int FEWEST_RSA_BITS = 2_048;

    private Strength() {}

    /// @return what is wrong with the certificate's own key, for the end of "its key is …"
    public static Optional<String> weakKey(X509Certificate certificate) {
        return certificate.getPublicKey() instanceof RSAPublicKey rsa
                        && rsa.getModulus().bitLength() < FEWEST_RSA_BITS
                ? Optional.of("RSA with " + rsa.getModulus().bitLength() + " bits, fewer than " + FEWEST_RSA_BITS)
                : Optional.empty();
    }

    /// @return what is wrong with how the certificate was signed, for the end of "it was signed with …". Not to be
    ///     used for pins and self-signed roots, whose signatures prove nothing
    public static Optional<String> weakSignature(X509Certificate certificate) {
        var hash = hash(certificate);
        return hash.equals("SHA1") || hash.startsWith("MD") ? Optional.of(hash) : Optional.empty();
    }

    /// @return such as `SHA256`, or the whole name for kinds without a separate hash
    private static String hash(X509Certificate certificate) {
        var name = certificate.getSigAlgName().toUpperCase(Locale.ROOT);
        return (name.equals("RSASSA-PSS") ? pssHash(certificate) : name.split("WITH", 2)[0]).replace("-", "");
    }

    /// RFC 4055 §3.1: SHA-1 if the parameters name no hash.
    private static String pssHash(X509Certificate certificate) {
        try {
            var parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(certificate.getSigAlgParams());
            return parameters.getParameterSpec(PSSParameterSpec.class).getDigestAlgorithm();
        } catch (GeneralSecurityException | java.io.IOException | RuntimeException e) {
            return "SHA1";
        }
    }
}
