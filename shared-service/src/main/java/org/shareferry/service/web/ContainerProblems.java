// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;

/// What the container refuses before any of our code sees it (a request line that is not HTTP, headers too
/// large) has the form of every other problem but no type of ours: a sender takes a refusal for final only when this
/// project's code judged the whole body.
@Configuration(proxyBeanMethods = false)
class ContainerProblems {
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> problemsInsteadOfPages() {
        return factory -> factory.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(ProblemValve.class.getName());
            }
        });
    }

    /// Made by the container from its name.
    public static final class ProblemValve extends ErrorReportValve {
        @Override
        protected void report(Request request, Response response, @Nullable Throwable failure) {
            int status = response.getStatus();
            if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
                return;
            }
            var body = "{\"type\":\"about:blank\",\"title\":\"" + title(status) + "\",\"status\":" + status + "}";
            try {
                response.setContentType("application/problem+json");
                response.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
                response.finishResponse();
            } catch (IOException e) {
                container.getLogger().debug("The caller left before the answer.", e);
            }
        }

        /// RFC 9457 §4.2.1: with `about:blank` the title is the status's own phrase.
        private static String title(int status) {
            return Optional.ofNullable(HttpStatus.resolve(status))
                    .map(HttpStatus::getReasonPhrase)
                    .orElse("Error");
        }
    }
}
