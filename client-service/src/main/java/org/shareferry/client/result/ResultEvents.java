// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.shareferry.client.change.Changes;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.springframework.stereotype.Component;

/// Sends results to listeners as they change (server-sent events, WHATWG HTML §9.2), in the order of the numbers of
/// their changes. Each listener has its own virtual thread, which waits for commits of this process and polls the
/// database for those of other replicas.
@Component
class ResultEvents {
    private static final int BATCH = 200;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(250);
    private static final long HEARTBEAT_NANOS = Duration.ofSeconds(15).toNanos();
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    private final ResultStore store;
    private final Changes changes;
    private final CommitSignal commits;
    private final ResultWriter writer;

    ResultEvents(ResultStore store, Changes changes, CommitSignal commits, ResultWriter writer) {
        this.store = store;
        this.changes = changes;
        this.commits = commits;
        this.writer = writer;
    }

    /// @param position the number of the last change that the listener knows, or `now`; empty for all results
    /// @return the number of the change after which its events begin
    long begin(Optional<String> position) {
        if (position.isEmpty()) {
            return 0;
        }
        long last = changes.last();
        var text = position.get();
        if (text.equals("now")) {
            return last;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new ProblemException(Problem.of(
                    ProblemType.REQUEST_MALFORMED,
                    "`since` and the header Last-Event-ID must be the number of a change, or `now`."));
        }
        long number = Long.parseLong(text);
        // The higher number is from before the database was restored from a backup, so the listener gets
        // everything.
        return number > last ? 0 : number;
    }

    /// Writes until the listener disconnects, its certificate is no longer accepted, or the service stops.
    ///
    /// @param isAccepted whether the listener is still accepted
    /// @param begin the number of a change, from [#begin]
    void writeTo(HttpServletResponse response, BooleanSupplier isAccepted, long begin, NumberForm form)
            throws IOException, InterruptedException {
        var out = response.getOutputStream();
        // Without data this is no event, but the listener will send the id when it reconnects.
        write(out, "id: " + begin + "\n\n");
        response.flushBuffer();
        long told = begin;
        long lastWrite = System.nanoTime();
        while (commits.isRunning() && isAccepted.getAsBoolean()) {
            int phase = commits.phase();
            var changed = store.changesAfter(told, BATCH);
            if (changed.isEmpty() && System.nanoTime() - lastWrite < HEARTBEAT_NANOS) {
                commits.await(phase, BETWEEN_LOOKS);
                continue;
            }
            for (var change : changed) {
                write(out, change.result().map(result -> event(result, form)).orElse(""));
                told = change.number();
            }
            if (changed.isEmpty()) {
                write(out, ": still here\n\n");
            }
            response.flushBuffer();
            lastWrite = System.nanoTime();
        }
    }

    private String event(Result result, NumberForm form) {
        return "event: result\nid: " + result.change() + "\ndata: " + writer.facts(result, form) + "\n\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
