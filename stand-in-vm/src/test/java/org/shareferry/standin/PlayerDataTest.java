// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.mpspdz.VmCertificateCheck;
import org.shareferry.x509.CertificateContent;

class PlayerDataTest {
    @Test
    void a_certificate_may_be_given_to_another_party(@TempDir Path folder) throws Exception {
        var now = Instant.parse("2026-06-01T12:00:00Z");
        new PlayerData(folder).make("P1", now);

        try (var in = Files.newInputStream(folder.resolve("P1.pem"))) {
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
            assertThat(VmCertificateCheck.check(CertificateContent.of(certificate), "P1", now))
                    .isEqualTo(new VmCertificateCheck.Fit());
        }
    }
}
