// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/// Sends requests to one service: with a deadline, again when the service is busy, and with certificates that are read
/// anew when they were renewed.
final class Connection implements AutoCloseable {
    private static final int PROBLEM_BYTES = 64 << 10;
    private static final Set<Integer> LATER = Set.of(429, 503);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LONGEST_PAUSE_SECONDS = 3_600;

    /// What a service answers to a certificate that it no longer takes.
    private static final int FORBIDDEN = 403;

    private final ClientFiles files;
    private final Clock clock;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile Loaded loaded;
    private final Set<Thread> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    /// A client, and the digests of the files that it was made from.
    private static final class Loaded {
        private final HttpClient http;
        private final List<String> digests;

        Loaded(HttpClient http, List<String> digests) {
            this.http = http;
            this.digests = digests;
        }
    }

    Connection(ClientFiles files, Clock clock) throws IOException {
        this.files = files;
        this.clock = clock;
        this.loaded = load();
    }

    private List<String> digests() throws IOException {
        return List.of(digest(files.certificate()), digest(files.key()), digest(files.serviceCertificate()));
    }

    private static String digest(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256.", e);
        }
    }

    private Loaded load() throws IOException {
        var digests = digests();
        var http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(MutualTls.context(files, clock))
                .sslParameters(new SSLParameters(null, new String[] {"TLSv1.3"}))
                .build();
        return new Loaded(http, digests);
    }

    /// @return whether the files have changed since these were read, and are read again
    private boolean reload(Loaded before) throws IOException {
        loading.lock();
        try {
            if (loaded == before && !isClosed && !digests().equals(before.digests)) {
                loaded = load();
                before.http.shutdown();
            }
            return loaded != before;
        } finally {
            loading.unlock();
        }
    }

    /// Sends a request until the service takes it or refuses it for good, or until the deadline.
    ///
    /// @param path with its query
    /// @param shape adds method, body and headers
    /// @return an answer of success; its body is still to be read
    /// @throws ServiceException when the service refuses it, or asks to come again after the deadline
    HttpResponse<PulledBody> send(String path, UnaryOperator<HttpRequest.Builder> shape, Deadline deadline)
            throws IOException, InterruptedException {
        boolean mayReload = true;
        while (true) {
            var used = loaded;
            try {
                var request = HttpRequest.newBuilder(uri(path)).timeout(deadline.left());
                var answer = used.http.send(shape.apply(request).build(), head -> new PulledBody());
                if (answer.statusCode() / 100 == 2) {
                    return answer;
                }
                var why = problem(answer, deadline);
                if (LATER.contains(why.status())) {
                    pause(why, deadline);
                } else if (why.status() != FORBIDDEN || !mayReload || !reload(used)) {
                    throw why;
                } else {
                    mayReload = false;
                }
            } catch (SSLException e) {
                if (!mayReload || !reload(used)) {
                    throw e;
                }
                mayReload = false;
            }
        }
    }

    private URI uri(String path) {
        return URI.create(files.address().getScheme() + "://" + files.address().getAuthority() + path);
    }

    private static void pause(ServiceException why, Deadline deadline) throws ServiceException, InterruptedException {
        var pause = why.retryAfter().orElse(PAUSE);
        if (!deadline.leaves(pause)) {
            throw why;
        }
        Thread.sleep(pause);
    }

    private static ServiceException problem(HttpResponse<PulledBody> answer, Deadline deadline)
            throws IOException, InterruptedException {
        try (var body = answer.body()) {
            var json = body.readAll(PROBLEM_BYTES, deadline);
            var problem = json.length > 0 && json[0] == '{' ? JsonObject.parse(json) : new JsonObject(Map.of());
            return new ServiceException(
                    answer.statusCode(),
                    problem.optional("type").orElse("about:blank"),
                    problem.optional("detail").orElse("The service refused the request."),
                    retryAfter(answer));
        }
    }

    private static Optional<Duration> retryAfter(HttpResponse<?> answer) {
        return answer.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("[0-9]{1,9}"))
                .map(text -> Duration.ofSeconds(Math.min(Long.parseLong(text), LONGEST_PAUSE_SECONDS)));
    }

    boolean isClosed() {
        return isClosed;
    }

    /// Interrupts the calling thread when this is closed, unless it has left before.
    void enter() {
        readers.add(Thread.currentThread());
        if (isClosed) {
            Thread.currentThread().interrupt();
        }
    }

    void leave() {
        readers.remove(Thread.currentThread());
    }

    /// Ends all requests that are under way.
    @Override
    public void close() {
        isClosed = true;
        readers.forEach(Thread::interrupt);
        loaded.http.shutdownNow();
    }
}
