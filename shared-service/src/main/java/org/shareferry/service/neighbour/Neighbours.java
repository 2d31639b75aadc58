// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.tls.TlsFiles;
import org.shareferry.site.https.AnswerSink;
import org.shareferry.site.https.AnswerTooLargeException;
import org.shareferry.site.https.BoundedClient;
import org.shareferry.site.https.BoundedClient.Limits;
import org.shareferry.site.settings.NeighbourProperties;
import org.shareferry.site.trust.KeyPurpose;
import org.shareferry.site.trust.TrustDecision;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends requests to other members over mutual TLS 1.3. Each neighbour has its own HTTP client, because each must
/// present a different name in its certificate. All clients are discarded when this member's key, certificate or
/// trust changes on disk, so that no connection continues with replaced files.
public final class Neighbours {
    private static final Logger LOG = LoggerFactory.getLogger(Neighbours.class);
    private static final String CBOR = "application/cbor";
    private static final Content NO_BODY = new Content("GET", CBOR, List.of());
    private static final Content NO_BODY_FOR_BATCH = new Content("GET", CborSequence.MEDIA_TYPE, List.of());

    /// For responses to uploads, which contain only receipts and outcomes.
    private static final long ACKNOWLEDGEMENT_LIMIT = 64 << 10;

    /// For status, keys, a page of receipts, and batch outcomes with their receipts.
    private static final long ANSWER_LIMIT = 4 << 20;

    private final TlsFiles tls;
    private final RosterFile roster;
    private final Clock clock;
    private final NeighbourProperties properties;
    private final AnswerReading answers;
    private final Map<MemberName, BoundedClient> clients = new ConcurrentHashMap<>();

    Neighbours(TlsFiles tls, RosterFile roster, Clock clock, NeighbourProperties properties, AnswerReading answers) {
        this.tls = tls;
        this.roster = roster;
        this.clock = clock;
        this.properties = properties;
        this.answers = answers;
        tls.onChange(this::forgetClients);
    }

    private void forgetClients() {
        LOG.info("The TLS certificate, key or trust changed; connections to neighbours are reopened.");
        clients.values().removeIf(client -> {
            // This cancels requests in progress too: nothing is exchanged with a neighbour that is no
            // longer trusted.
            client.close();
            return true;
        });
    }

    /// Sends a GET request.
    ///
    /// @param path absolute, with its query
    public Answer get(MemberName neighbour, String path) {
        return exchange(neighbour, path, ANSWER_LIMIT, Duration.ZERO, NO_BODY);
    }

    /// Long poll for bundles as a CBOR sequence.
    ///
    /// @param patience added to the usual time limit
    public Answer getBundles(MemberName neighbour, String path, Duration patience) {
        return exchange(neighbour, path, properties.answerLimit().toBytes(), patience, NO_BODY_FOR_BATCH);
    }

    /// Sends a POST request with CBOR.
    public Answer post(MemberName neighbour, String path, Bytes cbor) {
        return post(neighbour, path, List.of(cbor));
    }

    /// Sends a POST request with CBOR in several pieces.
    ///
    /// @param pieces of one body, in order
    public Answer post(MemberName neighbour, String path, List<Bytes> pieces) {
        return exchange(neighbour, path, ACKNOWLEDGEMENT_LIMIT, Duration.ZERO, new Content("POST", CBOR, pieces));
    }

    /// Sends several items in one request. Each gets its own outcome.
    ///
    /// @param items in the order of the answers; at least one
    public BatchAnswer postBatch(MemberName neighbour, String path, List<BatchItem> items) {
        var content = new Content("POST", CborSequence.MEDIA_TYPE, CborSequence.pieces(items));
        return answers.read(items, exchange(neighbour, path, ANSWER_LIMIT, Duration.ZERO, content));
    }

    /// Long poll with GET.
    ///
    /// @param patience added to the usual time limit
    public Answer get(MemberName neighbour, String path, Duration patience) {
        return exchange(neighbour, path, ANSWER_LIMIT, patience, NO_BODY);
    }

    /// Sends a PUT request with CBOR.
    public Answer put(MemberName neighbour, String path, Bytes cbor) {
        return exchange(neighbour, path, ACKNOWLEDGEMENT_LIMIT, Duration.ZERO, new Content("PUT", CBOR, List.of(cbor)));
    }

    /// Sends a CBOR sequence that is too large for memory and has one outcome as a whole.
    ///
    /// @param body opened again for each attempt
    /// @param size its number of bytes
    public Answer postSequence(MemberName neighbour, String path, Supplier<InputStream> body, long size) {
        var address = roster.find(neighbour).flatMap(Member::address);
        if (address.isEmpty()) {
            return noAddress(neighbour);
        }
        var request = HttpRequest.newBuilder(address.get().resolve(path))
                .POST(BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(body), size))
                .header("Content-Type", CborSequence.MEDIA_TYPE)
                .header("Accept", CBOR + ", application/problem+json;q=0.9");
        return exchange(
                neighbour,
                request,
                Optional.empty(),
                (client, made) ->
                        client.send(made, Math.toIntExact(ACKNOWLEDGEMENT_LIMIT), properties.wholeAnswerTimeout()));
    }

    private static Unavailable noAddress(MemberName neighbour) {
        return new Unavailable("the roster has no address for " + neighbour, Optional.empty());
    }

    /// Method and content of a request.
    ///
    /// @param pieces of one body, in order
    private record Content(String method, String type, List<Bytes> pieces) {
        /// The media type to accept: that of the content, but CBOR for the response to a batch.
        String answer() {
            return pieces.isEmpty() ? type : CBOR;
        }

        /// Empty for a batch: a refusal of an item names the item's own digest.
        Optional<ContentDigest> digest() {
            return pieces.isEmpty() || !type.equals(CBOR) ? Optional.empty() : Optional.of(ContentDigest.of(pieces));
        }

        /// Does not copy the pieces, and knows the total length.
        HttpRequest.BodyPublisher publisher() {
            if (pieces.isEmpty()) {
                return BodyPublishers.noBody();
            }
            long size = pieces.stream().mapToLong(Bytes::size).sum();
            return BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(() -> new SequenceInputStream(Collections.enumeration(
                            pieces.stream().map(Bytes::stream).toList()))),
                    size);
        }
    }

    /// Downloads a large body and passes its bytes on as they arrive.
    ///
    /// @param patience added to the usual time limit for the whole body
    /// @param sink takes the bytes of an accepted response; its [IOException] aborts the download
    /// @return accepted, without the bytes, only if all of them arrived
    public Answer download(MemberName neighbour, String path, Duration patience, AnswerSink sink) {
        return exchange(
                neighbour,
                path,
                new Content("GET", "application/octet-stream", List.of()),
                (client, request) -> client.stream(request, patience, sink));
    }

    private Answer exchange(MemberName neighbour, String path, long limit, Duration patience, Content content) {
        return exchange(
                neighbour, path, content, (client, request) -> client.send(request, Math.toIntExact(limit), patience));
    }

    /// Sends one request.
    private interface Sending {
        HttpResponse<Bytes> send(BoundedClient client, HttpRequest.Builder request)
                throws IOException, InterruptedException;
    }

    private Answer exchange(MemberName neighbour, String path, Content content, Sending sending) {
        var address = roster.find(neighbour).flatMap(Member::address);
        if (address.isEmpty()) {
            return noAddress(neighbour);
        }
        var digest = content.digest();
        var request = HttpRequest.newBuilder(address.get().resolve(path))
                .method(content.method(), content.publisher())
                .header("Content-Type", content.type())
                .header("Accept", content.answer() + ", application/problem+json;q=0.9");
        digest.ifPresent(known -> request.header(ContentDigest.HEADER, known.toString()));
        return exchange(neighbour, request, digest, sending);
    }

    private Answer exchange(
            MemberName neighbour, HttpRequest.Builder request, Optional<ContentDigest> digest, Sending sending) {
        try {
            var client = client(neighbour);
            var response = sending.send(client, request);
            if (!isStillTrusted(neighbour, response)) {
                clients.remove(neighbour, client);
                client.close();
                return new Unavailable("the certificate of " + neighbour + " is no longer accepted", Optional.empty());
            }
            return answers.read(response.statusCode(), response.body(), digest, retryAfter(response));
        } catch (AnswerTooLargeException e) {
            return new Unavailable("the response is too large", Optional.empty());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Unavailable("this service is stopping", Optional.empty());
        } catch (IOException e) {
            var reason = reason(neighbour, e);
            LOG.debug("Request to {} failed: {}", neighbour, reason, e);
            return new Unavailable(reason, Optional.empty());
        }
    }

    /// A connection can outlast the validity of the certificate that was presented when it was opened.
    private boolean isStillTrusted(MemberName neighbour, HttpResponse<?> response) throws IOException {
        var shown = new ArrayList<X509Certificate>();
        for (var certificate : response.sslSession()
                .orElseThrow(() -> new IOException("The response came without TLS."))
                .getPeerCertificates()) {
            shown.add((X509Certificate) certificate);
        }
        return tls.trust().judge(shown, neighbour, KeyPurpose.SERVER, clock.instant())
                instanceof TrustDecision.Accepted;
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("[0-9]{1,6}"))
                .map(value -> Duration.ofSeconds(Long.parseLong(value)));
    }

    private static String reason(MemberName neighbour, IOException e) {
        return switch (e) {
            case HttpConnectTimeoutException timeout -> "connecting to " + neighbour + " took too long";
            case HttpTimeoutException timeout -> neighbour + " did not respond in time";
            case ConnectException connect -> neighbour + " cannot be reached: connection refused or name not resolved";
            case SSLException tls ->
                "TLS handshake with " + neighbour + " failed: check dates, names and trust of both certificates";
            default -> "the connection to " + neighbour + " broke";
        };
    }

    private BoundedClient client(MemberName neighbour) {
        var client = clients.get(neighbour);
        if (client != null) {
            return client;
        }
        var made = new BoundedClient(
                tls.clientContext(neighbour),
                new Limits(properties.connectTimeout(), properties.answerTimeout(), properties.wholeAnswerTimeout()));
        var other = clients.putIfAbsent(neighbour, made);
        return other == null ? made : other;
    }
}
