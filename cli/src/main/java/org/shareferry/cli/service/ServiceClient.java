// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.init.Deployment;
import org.shareferry.keys.KeyFileException;
import org.shareferry.trust.NeighbourTrustManager;
import org.shareferry.trust.Trust;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Asks one member's service, as that member's user: over TLS 1.3 with the user's certificate, and trusting
/// nothing but the service's own certificate.
public final class ServiceClient implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration ANSWER = Duration.ofSeconds(60);

    private final Deployment.Service service;
    private final HttpClient http;

    private ServiceClient(Deployment.Service service, HttpClient http) {
        this.service = service;
        this.http = http;
    }

    /// @param folder with the member's certificates
    public static ServiceClient of(Deployment.Service service, Path folder) throws CommandException, KeyFileException {
        var user =
                CertificateFiles.read(folder.resolve(MemberCertificates.USER)).getFirst();
        var key = CertificateFiles.readKey(folder.resolve(MemberCertificates.USER_KEY));
        var server = CertificateFiles.read(folder.resolve(MemberCertificates.SERVICE))
                .getFirst();
        try {
            var keys = emptyStore();
            keys.setKeyEntry("user", key, new char[0], new Certificate[] {user});
            var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keyManagers.init(keys, new char[0]);
            var trust = new Trust(List.of(server), List.of(), service.member(), List.of());
            var pinned = new NeighbourTrustManager(() -> trust, service.member(), Clock.systemUTC());
            var tls = SSLContext.getInstance("TLSv1.3");
            tls.init(keyManagers.getKeyManagers(), new TrustManager[] {pinned}, null);
            return new ServiceClient(
                    service,
                    HttpClient.newBuilder()
                            .sslContext(tls)
                            .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3"}))
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(CONNECT)
                            .build());
        } catch (GeneralSecurityException | IOException e) {
            throw new CommandException("The certificates in " + folder + " cannot be used; make new ones.", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    /// @param path from the service's address on, such as `/v1/results`
    /// @throws CommandException when no answer comes
    public ServiceAnswer get(String path) throws CommandException {
        return send(request(path).GET());
    }

    /// @param path from the service's address on
    /// @param json the body
    /// @throws CommandException when no answer comes
    public ServiceAnswer post(String path, byte[] json) throws CommandException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.address() + path))
                .header("Accept", "application/json")
                .timeout(ANSWER);
    }

    private ServiceAnswer send(HttpRequest.Builder request) throws CommandException {
        try {
            var response = http.send(request.build(), BodyHandlers.ofByteArray());
            var retryAfter = response.headers()
                    .firstValue("Retry-After")
                    .filter(value -> value.matches("[0-9]{1,6}"))
                    .map(value -> Duration.ofSeconds(Long.parseLong(value)));
            return new ServiceAnswer(response.statusCode(), json(response.body()), retryAfter);
        } catch (IOException e) {
            throw new CommandException(
                    "The " + service.artifact() + " of " + service.member() + " at " + service.address()
                            + " does not answer; check that it runs and what its log says.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for " + service.member() + "; try again.", e);
        }
    }

    private static JsonNode json(byte[] body) {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
