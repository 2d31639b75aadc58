// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.init.Deployment;

/// Stands in for a service of a deployment: real mutual TLS with its certificates, answers from a script.
public final class FakeService implements AutoCloseable {
    private final HttpsServer server;
    private final Map<String, Queue<Answer>> answers = new HashMap<>();
    private final List<String> bodies = new ArrayList<>();

    /// One answer; the last one of an address is given again and again.
    private record Answer(int status, String body) {}

    public FakeService(Deployment deployment, Deployment.Service service) throws Exception {
        server = HttpsServer.create(
                new InetSocketAddress(
                        service.address().getHost(), service.address().getPort()),
                0);
        var tls = tls(deployment.folderOf(service));
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                var settings = tls.getDefaultSSLParameters();
                settings.setNeedClientAuth(true);
                settings.setProtocols(new String[] {"TLSv1.3"});
                parameters.setSSLParameters(settings);
            }
        });
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private static SSLContext tls(Path folder) throws Exception {
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (var certificate : CertificateFiles.read(folder.resolve("trust.pem"))) {
            trust.setCertificateEntry(certificate.getSerialNumber().toString(), certificate);
        }
        var own = CertificateFiles.readPair(folder.resolve("tls.crt"), folder.resolve("tls.key"));
        var trustManagers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trust);
        var tls = SSLContext.getInstance("TLSv1.3");
        tls.init(own.keyManagers(), trustManagers.getTrustManagers(), null);
        return tls;
    }

    /// @param request such as `GET /v1/results`
    /// @return this service, for further answers
    public synchronized FakeService answers(String request, int status, String body) {
        answers.computeIfAbsent(request, key -> new ArrayDeque<>()).add(new Answer(status, body));
        return this;
    }

    /// @return the bodies that were posted, in order
    public synchronized List<String> bodies() {
        return List.copyOf(bodies);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var answer = next(exchange.getRequestMethod() + " " + exchange.getRequestURI(), body);
            var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
            if (answer.status() == 503) {
                exchange.getResponseHeaders().add("Retry-After", "0");
            }
            exchange.sendResponseHeaders(answer.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Answer next(String request, String body) {
        if (!body.isEmpty()) {
            bodies.add(body);
        }
        var scripted = answers.getOrDefault(request, new ArrayDeque<>());
        var answer = scripted.size() > 1 ? scripted.poll() : scripted.peek();
        return answer == null ? new Answer(404, "{\"title\":\"Nothing here\"}") : answer;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
