// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.https;

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

/// Asks other members over HTTP/1.1 and TLS 1.3. No answer is larger, and none takes longer, than it may: whoever
/// answers can be corrupt. Redirects are not followed. If the JVM is told of a proxy (`https.proxyHost`), connections
/// go through it, and TLS goes through it end to end.
public final class BoundedClient implements AutoCloseable {
    private final HttpClient http;
    private final Limits limits;

    /// How long one exchange may take.
    ///
    /// @param connect for name resolution, TCP and TLS together
    /// @param stillness from the request to the head of the answer, and how long nothing of its body may come
    /// @param whole from the request to the end of the answer
    public record Limits(Duration connect, Duration stillness, Duration whole) {}

    /// @param tls whose certificate is shown, and who is trusted
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

    /// @return the proxy through which connections to this address go, if the JVM is told of one
    public static Optional<InetSocketAddress> proxy(URI address) {
        return Optional.ofNullable(ProxySelector.getDefault())
                .flatMap(selector -> selector.select(address).stream().findFirst())
                .filter(proxy -> proxy.type() == Proxy.Type.HTTP)
                .map(proxy -> (InetSocketAddress) proxy.address());
    }

    /// @param limit bytes of an answer; a refusal may have 64 KiB at most
    /// @return the answer, whatever its status
    /// @throws AnswerTooLargeException when it is larger
    /// @throws java.net.http.HttpTimeoutException when it takes too long
    /// @throws IOException when the connection cannot be made, or breaks
    public HttpResponse<Bytes> send(HttpRequest.Builder request, int limit) throws IOException, InterruptedException {
        return send(request, limit, Duration.ZERO);
    }

    /// @param patience how much longer than usual head and end of the answer may take, as a long poll needs it
    /// @return as above
    public HttpResponse<Bytes> send(HttpRequest.Builder request, int limit, Duration patience)
            throws IOException, InterruptedException {
        return send(request, limit, patience, Optional.empty());
    }

    /// Has the body of an answer that is no refusal taken part by part.
    ///
    /// @param patience how much longer than usual the end of the answer may take
    /// @param sink of the body
    /// @return the answer, without the body that was taken
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

    /// Ends at once what is under way, and takes no further requests.
    @Override
    public void close() {
        http.shutdownNow();
    }
}
