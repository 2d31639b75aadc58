// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.util.Optional;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.function.Consumer;

/// A listener for changes, until it is closed.
public final class Listening implements AutoCloseable {
    private final Consumer<Result> each;
    private final Consumer<Throwable> failed;
    private volatile Optional<Subscription> subscription = Optional.empty();

    Listening(Consumer<Result> each, Consumer<Throwable> failed) {
        this.each = each;
        this.failed = failed;
    }

    /// @return what asks for one result after the other
    Subscriber<Result> subscriber() {
        return new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription given) {
                subscription = Optional.of(given);
                given.request(1);
            }

            @Override
            public void onNext(Result result) {
                each.accept(result);
                subscription.ifPresent(given -> given.request(1));
            }

            @Override
            public void onError(Throwable why) {
                failed.accept(why);
            }

            @Override
            public void onComplete() {
                // The application has closed the client.
            }
        };
    }

    /// Ends it. A call of the listener that is under way is interrupted.
    @Override
    public void close() {
        subscription.ifPresent(Subscription::cancel);
    }
}
