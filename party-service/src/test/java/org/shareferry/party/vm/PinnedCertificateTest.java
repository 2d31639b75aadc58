// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.standin.PlayerData;

/// A handshake may happen long after the files were read, so the certificate is checked again.
class PinnedCertificateTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeCertificates() throws Exception {
        var certificates = new PlayerData(folder);
        certificates.make("P1", "P1", NOW.minus(DAY), NOW.plus(DAY));
        certificates.make("another-P1", "P1", NOW.minus(DAY), NOW.plus(DAY));
    }

    private static X509Certificate read(String name) throws Exception {
        try (var in = Files.newInputStream(folder.resolve(name + ".pem"))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private static PinnedCertificate pinned(String name, Instant now) throws Exception {
        return new PinnedCertificate(read("P1"), name, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static void check(PinnedCertificate pinned, X509Certificate... shown) throws Exception {
        try (var socket = new Socket()) {
            pinned.checkServerTrusted(shown, "RSA", socket);
        }
    }

    @Test
    void the_pinned_certificate_is_trusted() {
        assertThatCode(() -> check(pinned("P1", NOW), read("P1"))).doesNotThrowAnyException();
    }

    @Test
    void another_certificate_with_the_same_name_is_refused() {
        assertThatThrownBy(() -> check(pinned("P1", NOW), read("another-P1")))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("differs from P1.pem");
    }

    @Test
    void only_the_first_certificate_of_a_chain_counts() {
        assertThatThrownBy(() -> check(pinned("P1", NOW), read("another-P1"), read("P1")))
                .isInstanceOf(CertificateException.class);
    }

    @Test
    void an_empty_chain_is_refused() {
        assertThatThrownBy(() -> check(pinned("P1", NOW))).isInstanceOf(CertificateException.class);
    }

    @Test
    void a_certificate_that_expired_since_it_was_read_is_refused() {
        assertThatThrownBy(() -> check(pinned("P1", NOW.plus(DAY).plusSeconds(1)), read("P1")))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("P1.pem has expired or is not valid yet")
                .hasMessageContaining("`shareferry vm-certificates --mpspdz FOLDER --party 1 --renew`");
    }

    @Test
    void a_certificate_that_is_not_yet_valid_is_refused() {
        assertThatThrownBy(() -> check(pinned("P1", NOW.minus(DAY).minusSeconds(1)), read("P1")))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("P1.pem has expired or is not valid yet");
    }

    @Test
    void a_certificate_of_another_party_is_refused() {
        assertThatThrownBy(() -> check(pinned("P0", NOW), read("P1")))
                .isInstanceOf(CertificateException.class)
                .hasMessageContaining("P0.pem names another party");
    }

    @Test
    void client_certificates_are_refused() throws Exception {
        var pinned = pinned("P1", NOW);
        var shown = new X509Certificate[] {read("P1")};

        assertThatThrownBy(() -> pinned.checkClientTrusted(shown, "RSA")).isInstanceOf(CertificateException.class);
        assertThat(pinned.getAcceptedIssuers()).containsExactly(read("P1"));
    }
}
