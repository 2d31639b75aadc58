// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Closes the connection of a request whose body is not read to its end. Otherwise the container would read up to 2
/// MB more after the response, however slowly they arrive, and keep the connection open.
@Configuration(proxyBeanMethods = false)
class AbandonedBodies {
    private static final String ATTRIBUTE = AbandonedBodies.class.getName();

    /// Call this before the end of the request.
    static void abandon(ServletRequest request) {
        request.setAttribute(ATTRIBUTE, true);
    }

    static boolean isAbandoned(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> closingAbandonedBodies() {
        return factory -> factory.addContextValves(new AbandoningValve());
    }

    private static final class AbandoningValve extends ValveBase {
        AbandoningValve() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            getNext().invoke(request, response);
            if (isAbandoned(request)) {
                request.getCoyoteRequest().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
            }
        }
    }
}
