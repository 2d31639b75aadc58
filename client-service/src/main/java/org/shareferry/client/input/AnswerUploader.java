// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Enumeration;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.shareferry.client.CommitLoop;
import org.shareferry.client.input.AnswerStore.Committed;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.Member;
import org.shareferry.member.Role;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.storage.Backoff;
import org.shareferry.site.settings.ClientProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Uploads answers to the relay, for a client that connects to the relay. Several replicas may upload the same
/// bytes.
@Component
class AnswerUploader extends CommitLoop {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerUploader.class);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1));
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final int AT_ONCE = 20;

    private final AnswerStore store;
    private final Neighbours neighbours;
    private final RosterFile roster;
    private final CBORMapper cbor;
    private final Clock clock;
    private final ClientProperties properties;
    private final RandomGenerator random = RandomGenerator.getDefault();
    private int failures;

    AnswerUploader(
            AnswerStore store,
            Neighbours neighbours,
            RosterFile roster,
            CBORMapper cbor,
            CommitSignal commits,
            Clock clock,
            ClientProperties properties) {
        super("answers", commits);
        this.store = store;
        this.neighbours = neighbours;
        this.roster = roster;
        this.cbor = cbor;
        this.clock = clock;
        this.properties = properties;
    }

    @Override
    public void start() {
        if (properties.mode() == ClientProperties.Mode.PULL) {
            super.start();
        }
    }

    @Override
    protected Duration work() throws InterruptedException {
        failures = turn() ? 0 : failures + 1;
        if (failures == 0) {
            return BETWEEN_LOOKS;
        }
        // A commit does not shorten this pause.
        Thread.sleep(BACKOFF.after(failures, random));
        return Duration.ZERO;
    }

    /// Uploads the answers that the relay does not have.
    ///
    /// @return whether the relay has all of them now
    boolean turn() {
        try {
            return bringAll();
        } catch (RuntimeException e) {
            LOG.error("Answers could not be uploaded to the relay; retrying", e);
            return false;
        }
    }

    /// A refused answer does not block later ones.
    private boolean bringAll() {
        var since = clock.instant().minus(properties.requestLifetime());
        boolean all = true;
        var some = store.toBring(since, 0, AT_ONCE);
        while (!some.isEmpty()) {
            for (var answer : some) {
                all &= bring(answer.request());
            }
            some = store.toBring(since, some.getLast().number(), AT_ONCE);
        }
        return all;
    }

    private boolean bring(DeliveryKey request) {
        var relay =
                roster.current().ofRole(Role.RELAY).stream().map(Member::name).findFirst();
        var answer = store.find(request);
        if (relay.isEmpty() || answer.isEmpty()) {
            return answer.isEmpty();
        }
        var path = "/v1/answers?delivery=" + request.id() + "&parties=" + request.parties();
        var statement = Bytes.of(cbor.writeValueAsBytes(answer.get().signed()));
        var sent = neighbours.postSequence(
                relay.get(),
                path,
                () -> new SequenceInputStream(new Items(answer.get(), statement)),
                size(answer.get(), statement));
        return switch (sent) {
            case Answer.Accepted accepted -> {
                store.noteBrought(request);
                yield true;
            }
            case Answer.Refused(int status, var problem, String detail, var finality)
            when status == 409 || status == 422 -> {
                LOG.error("The relay refused the answer to {}: {} {}", request, problem, detail);
                store.noteBrought(request);
                yield true;
            }
            case Answer.Refused(int status, var problem, String detail, var finality) -> {
                LOG.warn("The relay refused the answer to {} for now: {} {}", request, problem, detail);
                yield false;
            }
            case Answer.Unavailable(String reason, var after) -> {
                LOG.info("The answer to {} could not be uploaded to the relay: {}", request, reason);
                yield false;
            }
        };
    }

    private static long size(Committed answer, Bytes statement) {
        long whole = answer.maskedSize() / MaskedInputs.ROW;
        long last = answer.maskedSize() % MaskedInputs.ROW;
        return CborSequence.head(statement.size()).size()
                + statement.size()
                + whole * (CborSequence.head(MaskedInputs.ROW).size() + MaskedInputs.ROW)
                + (last == 0 ? 0 : CborSequence.head(last).size() + last);
    }

    /// The statement and then the rows, each read when it is sent.
    private final class Items implements Enumeration<InputStream> {
        private final Committed answer;
        private final Bytes statement;
        private int next = -1;

        Items(Committed answer, Bytes statement) {
            this.answer = answer;
            this.statement = statement;
        }

        @Override
        public boolean hasMoreElements() {
            return (long) next * MaskedInputs.ROW < answer.maskedSize();
        }

        @Override
        public InputStream nextElement() {
            if (!hasMoreElements()) {
                throw new NoSuchElementException();
            }
            var item = next < 0 ? statement : store.row(answer.request(), next);
            next++;
            return new SequenceInputStream(
                    new ByteArrayInputStream(CborSequence.head(item.size()).toArray()), item.stream());
        }
    }
}
