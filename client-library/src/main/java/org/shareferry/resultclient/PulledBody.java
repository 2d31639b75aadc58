// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An answer's body, of which the next part is asked for when the one before was read. However long a body is, few
/// parts of it are in memory, and no reader waits longer than it wants to.
final class PulledBody implements BodySubscriber<PulledBody>, AutoCloseable {
    private sealed interface Item {
        record Part(ByteBuffer bytes) implements Item {}

        record End() implements Item {}

        record Broken(Throwable why) implements Item {}
    }

    private final LinkedBlockingQueue<Item> arrived = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscription> subscription = new CompletableFuture<>();

    @Override
    public CompletionStage<PulledBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Subscription given) {
        subscription.complete(given);
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
        if (parts.isEmpty()) {
            subscription.join().request(1);
        }
        parts.forEach(part -> arrived.add(new Item.Part(part)));
    }

    @Override
    public void onError(Throwable why) {
        arrived.add(new Item.Broken(why));
    }

    @Override
    public void onComplete() {
        arrived.add(new Item.End());
    }

    /// @return the next part; an empty one at the end
    /// @throws HttpTimeoutException when nothing has come after this time
    ByteBuffer read(Duration patience) throws IOException, InterruptedException {
        while (true) {
            var item = arrived.poll(Math.max(0, patience.toNanos()), TimeUnit.NANOSECONDS);
            if (item == null) {
                throw new HttpTimeoutException("The service sent nothing for " + patience.toMillis() + " ms.");
            }
            switch (item) {
                case Item.Part(var bytes) -> {
                    if (arrived.isEmpty()) {
                        subscription.join().request(1);
                    }
                    if (bytes.hasRemaining()) {
                        return bytes;
                    }
                }
                case Item.End end -> {
                    arrived.add(end);
                    return ByteBuffer.allocate(0);
                }
                case Item.Broken(var why) -> {
                    arrived.add(item);
                    throw new IOException("The answer broke off: " + why.getMessage(), why);
                }
            }
        }
    }

    /// @param most bytes
    /// @throws IOException when there are more
    byte[] readAll(int most, Deadline deadline) throws IOException, InterruptedException {
        var all = new ByteArrayOutputStream();
        for (var part = read(deadline.left()); part.hasRemaining(); part = read(deadline.left())) {
            if (all.size() + part.remaining() > most) {
                throw new IOException("The answer has more than " + most + " bytes.");
            }
            var bytes = new byte[part.remaining()];
            part.get(bytes);
            all.write(bytes);
        }
        return all.toByteArray();
    }

    @Override
    public void close() {
        if (subscription.isDone()) {
            subscription.join().cancel();
        }
    }
}
