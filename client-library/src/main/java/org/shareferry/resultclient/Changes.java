// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// Results as they change, from the service's event stream. Each subscriber has a connection and a virtual
/// thread of its own. An event is read only when the subscriber has asked for it, so nothing piles up. A
/// stream that breaks is opened again behind the last event (`Last-Event-ID`).
final class Changes implements Publisher<Result> {
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final int CLIENT_ERROR = 4;
    private static final int TOO_MANY = 429;

    private final Connection connection;
    private final Duration timeout;
    private final long begin;

    /// @param timeout until the service begins to answer
    /// @param begin the number of the last change that is known
    Changes(Connection connection, Duration timeout, long begin) {
        this.connection = connection;
        this.timeout = timeout;
        this.begin = begin;
    }

    @Override
    public void subscribe(Subscriber<? super Result> subscriber) {
        var reading = new Reading(subscriber);
        subscriber.onSubscribe(reading);
        reading.thread.start();
    }

    private final class Reading implements Subscription {
        private final Subscriber<? super Result> subscriber;
        private final Semaphore demand = new Semaphore(0);
        private final AtomicBoolean isBadRequest = new AtomicBoolean();
        private final Thread thread =
                Thread.ofVirtual().name("shareferry-changes").unstarted(this::run);
        private volatile boolean isCancelled;
        private String last = Long.toString(begin);
        private Duration pause = SHORTEST_PAUSE;

        Reading(Subscriber<? super Result> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public synchronized void request(long count) {
            if (count <= 0) {
                isBadRequest.set(true);
                demand.release();
            } else {
                int room = Integer.MAX_VALUE - demand.availablePermits();
                demand.release(Math.clamp(count, 0, room / 2));
            }
        }

        @Override
        public void cancel() {
            isCancelled = true;
            if (!Thread.currentThread().equals(thread)) {
                thread.interrupt();
            }
        }

        private boolean goesOn() {
            return !isCancelled && !connection.isClosed();
        }

        private void run() {
            connection.enter();
            try {
                readAll();
                end();
            } catch (InterruptedException e) {
                end();
            } catch (IOException | RuntimeException e) {
                if (!isCancelled) {
                    subscriber.onError(e);
                }
            } finally {
                connection.leave();
            }
        }

        /// The subscriber or the application's closing of the client has ended it.
        private void end() {
            if (!isCancelled) {
                subscriber.onComplete();
            }
        }

        private void readAll() throws IOException, InterruptedException {
            while (goesOn()) {
                try {
                    read();
                } catch (IOException e) {
                    if (goesOn() && isFinal(e)) {
                        throw e;
                    }
                }
                if (goesOn()) {
                    Thread.sleep(pause);
                    var longer = pause.multipliedBy(2);
                    pause = longer.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : longer;
                }
            }
        }

        /// A service that is busy, or does not answer, is asked again.
        private static boolean isFinal(IOException e) {
            return e instanceof ServiceException refusal
                    && refusal.status() / 100 == CLIENT_ERROR
                    && refusal.status() != TOO_MANY;
        }

        /// Reads one answer to its end.
        private void read() throws IOException, InterruptedException {
            var answer = connection.send("/v1/results?numbers=string", this::shape, Deadline.in(timeout));
            try (var body = answer.body()) {
                var events = new EventReader(body, last);
                while (goesOn()) {
                    demand.acquire();
                    if (isBadRequest.get()) {
                        throw new IllegalArgumentException("A subscriber asks for one result or more.");
                    }
                    var event = next(events);
                    if (event.isEmpty()) {
                        demand.release();
                        return;
                    }
                    subscriber.onNext(Result.of(JsonObject.parse(event.get().getBytes(StandardCharsets.UTF_8))));
                    pause = SHORTEST_PAUSE;
                }
            }
        }

        private Optional<String> next(EventReader events) throws IOException, InterruptedException {
            try {
                var event = events.next();
                last = events.id();
                return event;
            } catch (IOException e) {
                last = events.id();
                demand.release();
                throw e;
            }
        }

        private HttpRequest.Builder shape(HttpRequest.Builder request) {
            return request.header("Accept", "text/event-stream").header("Last-Event-ID", last);
        }
    }
}
