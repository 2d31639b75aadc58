// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.CertificateFiles;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.cli.init.Deployment;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.KeyFileException;
import org.shareferry.site.https.AnswerTooLargeException;
import org.shareferry.site.https.BoundedClient;
import org.shareferry.site.https.BoundedClient.Limits;
import org.shareferry.site.trust.NeighbourTrustManager;
import org.shareferry.site.trust.Trust;
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
    private static final Limits LIMITS =
            new Limits(Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofMinutes(5));

    /// How much longer than usual a long body may take.
    private static final Duration UPLOAD = Duration.ofMinutes(30);

    /// A result with all its values is the largest response.
    private static final int LARGEST_ANSWER = 256 << 20;

    private final Deployment.Service service;
    private final BoundedClient http;

    private ServiceClient(Deployment.Service service, BoundedClient http) {
        this.service = service;
        this.http = http;
    }

    /// @param folder with the member's certificates
    /// @param clock by which their dates are judged
    public static ServiceClient of(Deployment.Service service, Path folder, Clock clock)
            throws CommandException, KeyFileException {
        return new ServiceClient(service, new BoundedClient(tls(service, folder, clock), LIMITS));
    }

    /// @param folder with the member's certificates
    /// @param clock by which their dates are judged
    /// @return what shows the user's certificate and trusts the service's own alone
    public static SSLContext tls(Deployment.Service service, Path folder, Clock clock)
            throws CommandException, KeyFileException {
        var user = CertificateFiles.readPair(
                folder.resolve(MemberCertificates.USER), folder.resolve(MemberCertificates.USER_KEY));
        var server = CertificateFiles.read(folder.resolve(MemberCertificates.SERVICE))
                .getFirst();
        var trust = new Trust(List.of(server), List.of(), service.member(), List.of());
        var judge = new NeighbourTrustManager(() -> trust, service.member(), clock);
        try {
            var tls = SSLContext.getInstance("TLSv1.3");
            tls.init(user.keyManagers(), new TrustManager[] {judge}, null);
            return tls;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java platform has TLS 1.3.", e);
        }
    }

    /// @param path from the service's address on, such as `/v1/results`
    /// @throws CommandException when there is no response
    public ServiceAnswer get(String path) throws CommandException {
        return send(request(path).GET());
    }

    /// @param path from the service's address on
    /// @param json the body
    /// @throws CommandException when there is no response
    public ServiceAnswer post(String path, byte[] json) throws CommandException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json)));
    }

    /// @param path from the service's address on
    /// @param type of the body
    /// @param body read as it is sent
    /// @throws CommandException when there is no response
    public ServiceAnswer post(String path, String type, Supplier<InputStream> body) throws CommandException {
        return send(
                request(path).header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofInputStream(body)),
                UPLOAD);
    }

    /// @param path from the service's address on
    /// @throws CommandException when there is no response
    public ServiceAnswer delete(String path) throws CommandException {
        return send(request(path).DELETE());
    }

    /// @param path from the service's address on
    /// @return the bytes of the answer; nothing when there is none (404)
    /// @throws CommandException when there is no response, or another error
    public Optional<Bytes> download(String path) throws CommandException {
        var answer = exchange(
                HttpRequest.newBuilder(URI.create(service.address() + path))
                        .header("Accept", "application/octet-stream"),
                Duration.ZERO);
        return switch (answer.statusCode()) {
            case 200 -> Optional.of(answer.body());
            case 404 -> Optional.empty();
            default ->
                throw new CommandException(service.member() + " answers " + path + " with status " + answer.statusCode()
                        + "; see its log.");
        };
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service.address() + path)).header("Accept", "application/json");
    }

    private ServiceAnswer send(HttpRequest.Builder request) throws CommandException {
        return send(request, Duration.ZERO);
    }

    private ServiceAnswer send(HttpRequest.Builder request, Duration patience) throws CommandException {
        var response = exchange(request, patience);
        var retryAfter = response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
        return new ServiceAnswer(response.statusCode(), json(response.body().toArray()), retryAfter);
    }

    private HttpResponse<Bytes> exchange(HttpRequest.Builder request, Duration patience) throws CommandException {
        try {
            return http.send(request, LARGEST_ANSWER, patience);
        } catch (AnswerTooLargeException e) {
            throw new CommandException(
                    "The answer of " + service.member() + " at " + service.address() + " is larger than "
                            + (LARGEST_ANSWER >> 20) + " MiB; check that the address is that of its service.",
                    e);
        } catch (IOException e) {
            throw new CommandException(
                    "The " + service.artifact() + " of " + service.member() + " at " + service.address()
                            + " does not respond; check that it runs, and see its log.",
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
        http.close();
    }
}
