// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.tls;

import java.security.cert.X509Certificate;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.TrustManager;
import org.apache.tomcat.util.net.SSLContext;
import org.jspecify.annotations.Nullable;

/// The TLS context for the container: each new connection uses the current context.
final class ReloadingSslContext implements SSLContext {
    private final Supplier<javax.net.ssl.SSLContext> context;

    ReloadingSslContext(Supplier<javax.net.ssl.SSLContext> context) {
        this.context = context;
    }

    @Override
    public SSLEngine createSSLEngine() {
        return context.get().createSSLEngine();
    }

    @Override
    public SSLSessionContext getServerSessionContext() {
        return context.get().getServerSessionContext();
    }

    @Override
    public SSLServerSocketFactory getServerSocketFactory() {
        return context.get().getServerSocketFactory();
    }

    @Override
    public SSLParameters getSupportedSSLParameters() {
        return context.get().getSupportedSSLParameters();
    }

    @Override
    public X509Certificate[] getCertificateChain(@Nullable String alias) {
        return new X509Certificate[0];
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    /// The context is initialised where it is created.
    @Override
    public void init(KeyManager[] keys, TrustManager[] trust, java.security.@Nullable SecureRandom random) {}

    @Override
    public void destroy() {}
}
