// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;

/// In a real container, because it is the container's own reading that must not go on.
class AbandonedBodiesTest {
    private static final class Refusing extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) {
            AbandonedBodies.abandon(request);
            response.setStatus(429);
        }
    }

    @Test
    void the_connection_of_an_abandoned_body_is_closed_at_once() throws IOException {
        var factory = new TomcatServletWebServerFactory(0);
        new AbandonedBodies().closingAbandonedBodies().customize(factory);
        var server = factory.getWebServer(
                context -> context.addServlet("refusing", new Refusing()).addMapping("/*"));
        server.start();
        try (var caller = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            caller.setSoTimeout(10_000);
            caller.getOutputStream()
                    .write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nonly a part"
                            .getBytes(StandardCharsets.US_ASCII));

            var answer = new String(caller.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);

            assertThat(answer).startsWith("HTTP/1.1 429");
        } finally {
            server.stop();
        }
    }
}
