// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.time.Clock;
import java.util.function.Supplier;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.shareferry.site.settings.ServiceProperties;
import org.shareferry.site.settings.TlsProperties;
import org.shareferry.site.trust.Trust;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Mutual TLS 1.3 on the service's port.
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(TlsProperties.class)
class TlsConfiguration {
    @Bean
    TlsFiles tlsFiles(TlsProperties properties, ServiceProperties service, Clock clock) {
        return new TlsFiles(properties, service, clock);
    }

    @Bean
    Supplier<Trust> currentTrust(TlsFiles files) {
        return files::trust;
    }

    /// The management port has its own factory and is not affected.
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> mutualTls(TlsFiles files) {
        return factory -> factory.addConnectorCustomizers(connector -> secure(connector, files));
    }

    private static void secure(Connector connector, TlsFiles files) {
        if (!(connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> protocol)) {
            throw new IllegalStateException("The service's port does not use HTTP/1.1.");
        }
        var host = new SSLHostConfig();
        host.setProtocols("TLSv1.3");
        host.setCertificateVerification("required");
        var certificate = new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setSslContext(new ReloadingSslContext(files::serverContext));
        host.addCertificate(certificate);
        protocol.setSSLEnabled(true);
        protocol.addSslHostConfig(host);
        connector.setScheme("https");
        connector.setSecure(true);
    }
}
