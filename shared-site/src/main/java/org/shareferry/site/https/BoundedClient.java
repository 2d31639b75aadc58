// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.https;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.shareferry.crypto.Bytes;

/// Sends requests to other members over HTTP/1.1 and TLS 1.3. Size and duration of responses are limited, because
/// members can be corrupt. Redirects are not followed. If a proxy is configured for the JVM (`https.proxyHost`),
/// connections use it, with TLS end to end.
public final class BoundedClient implements AutoCloseable {
    private final HttpClient http;
    private final Limits limits;

    /// The time limits of one exchange.
    ///
    /// @param connect for name resolution, TCP and TLS together
    /// @param stillness from the request to the head of the response, and for pauses within the body
    /// @param whole from the request to the end of the response
    public record Limits(Duration connect, Duration stillness, Duration whole) {}

    /// @param tls with the own certificate and the trust
    public BoundedClient(SSLContext tls, Limits limits) {
        this.limits = limits;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(limits.connect())
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(tls)
                .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3"}))
                .build();
    }

    /// @return the JVM's proxy for connections to this address, if there is one
    public static Optional<InetSocketAddress> proxy(URI address) {
        return Optional.ofNullable(ProxySelector.getDefault())
                .flatMap(selector -> selector.select(address).stream().findFirst())
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                .map(proxy -> (InetSocketAddress) proxy.address());
    }

    /// @param limit bytes of a successful response; others have a limit of 64 KiB
    /// @return the response with any status
    /// @throws AnswerTooLargeException when it is larger
    /// @throws java.net.http.HttpTimeoutException when it takes too long
    /// @throws IOException when the connection fails
    public HttpResponse<Bytes> send(HttpRequest.Builder request, int limit) throws IOException, InterruptedException {
        return send(request, limit, Duration.ZERO);
    }

    /// @param patience added to the time limits for head and end of the response, for long polls
    /// @return as above
    public HttpResponse<Bytes> send(HttpRequest.Builder request, int limit, Duration patience)
            throws IOException, InterruptedException {
        return send(request, limit, patience, Optional.empty());
    }

    /// Passes the body of a successful response to a sink.
    ///
    /// @param patience added to the time limit for the end of the response
    /// @param sink of the body
    /// @return the response, without the body that the sink received
    public HttpResponse<Bytes> stream(HttpRequest.Builder request, Duration patience, AnswerSink sink)
            throws IOException, InterruptedException {
        return send(request, Integer.MAX_VALUE, patience, Optional.of(sink));
    }

    private HttpResponse<Bytes> send(
            HttpRequest.Builder request, int limit, Duration patience, Optional<AnswerSink> sink)
            throws IOException, InterruptedException {
        var answer = new BoundedAnswer(limit, limits.stillness(), limits.whole().plus(patience), sink);
        var timed = request.timeout(limits.stillness().plus(patience)).build();
        return answer.await(http.sendAsync(timed, answer));
    }

    /// Cancels all requests in progress, and accepts no new ones.
    @Override
    public void close() {
        http.shutdownNow();
    }
}
