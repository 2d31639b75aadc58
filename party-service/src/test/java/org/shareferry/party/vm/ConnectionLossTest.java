// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.security.cert.CertificateException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionLossTest {
    static Stream<Arguments> troubles() {
        var certificate = new SSLHandshakeException("certificate_unknown");
        certificate.initCause(new CertificateException("P1.pem names another party"));
        return Stream.of(
                Arguments.of(certificate, "P1.pem names another party."),
                Arguments.of(new SSLHandshakeException("handshake_failure"), "shareferry doctor"),
                Arguments.of(new SocketTimeoutException("Read timed out"), "shareferry.party.vm.message-timeout"),
                Arguments.of(new EOFException("gone"), "in the middle of the dialog"),
                Arguments.of(new SocketException("Connection reset"), "shareferry doctor"));
    }

    @ParameterizedTest
    @MethodSource("troubles")
    void each_connection_loss_has_an_explanation_without_the_exception(IOException e, String words) {
        assertThat(ConnectionLoss.explain(e)).contains(words).doesNotContain(String.valueOf(e.getMessage()));
    }
}
