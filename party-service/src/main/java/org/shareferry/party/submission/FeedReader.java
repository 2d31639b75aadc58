// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.party.outbox.Outbox;
import org.shareferry.party.outbox.ReceiptStore;
import org.shareferry.party.outbox.ReceiptStore.LastAccepted;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.party.submission.RelayClient.FeedPoll;
import org.shareferry.service.storage.Backoff;
import org.shareferry.service.work.Lease;
import org.shareferry.service.work.Pacing;
import org.shareferry.site.settings.PartyProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Reads the relay's feed with long polls, for all deliveries together. When the relay responds for the first time
/// or after a failure, it may have been restored from a backup. Then it is asked which accepted envelopes it lacks.
@Component
final class FeedReader implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final int PAGE = 500;
    private static final int ASKED_AT_ONCE = 500;

    /// Under load, so that a page has more than one receipt.
    private static final Duration BETWEEN_PAGES = Duration.ofMillis(200);

    /// For a relay that does not hold long polls, to avoid a tight loop.
    private static final Duration BETWEEN_EMPTY_PAGES = Duration.ofSeconds(1);

    private final RelayClient relay;
    private final FeedIntake intake;
    private final ReceiptStore receipts;
    private final Outbox outbox;
    private final EnvelopePump pump;
    private final Lease lease;
    private final PartyProperties properties;
    private final Pacing pacing;
    private boolean mayLackEnvelopes = true;
    private volatile boolean running;
    private @Nullable Thread thread;

    FeedReader(
            RelayClient relay,
            FeedIntake intake,
            ReceiptStore receipts,
            Outbox outbox,
            EnvelopePump pump,
            Lease lease,
            PartyProperties properties) {
        this.relay = relay;
        this.intake = intake;
        this.receipts = receipts;
        this.outbox = outbox;
        this.pump = pump;
        this.lease = lease;
        this.properties = properties;
        this.pacing = new Pacing(new Backoff(properties.minBackoff(), properties.maxBackoff()));
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("feed").start(this::run);
    }

    private void run() {
        while (running) {
            try {
                Thread.sleep(lease.isOurs() ? step() : Lease.BEAT);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                mayLackEnvelopes = true;
                pacing.failed(Optional.empty());
                if (Integer.bitCount(pacing.failures()) == 1) {
                    LOG.error("Database error: the relay's feed was not stored; reading it again.", e);
                }
            }
        }
    }

    /// @return the wait before the next step
    private Duration step() {
        var left = pacing.left();
        if (left.isPositive()) {
            return left;
        }
        var from = receipts.position(properties.relay().toString());
        long begun = System.nanoTime();
        return switch (relay.pollFeed(from, mayLackEnvelopes ? Duration.ZERO : properties.receiptPollTimeout(), PAGE)) {
            case FeedPoll.Page page -> take(page, from, Duration.ofNanos(System.nanoTime() - begun));
            case FeedPoll.OtherFeed other -> {
                LOG.warn("The relay's feed has changed: the relay may have been restored from a backup. Reading it"
                        + " from the beginning.");
                receipts.read(properties.relay().toString(), Position.START);
                mayLackEnvelopes = true;
                // Avoids a tight loop if the relay refuses the beginning too.
                yield from.equals(Position.START) ? pacing.failed(Optional.empty()) : Duration.ZERO;
            }
            case FeedPoll.NotNow not -> {
                mayLackEnvelopes = true;
                var wait = pacing.failed(not.retryAfter());
                LOG.debug("Reading the relay's feed failed; retrying in {} ms: {}", wait.toMillis(), not.reason());
                yield wait;
            }
        };
    }

    private Duration take(FeedPoll.Page page, Position from, Duration took) {
        if (pacing.failures() > 0) {
            pacing.succeeded();
            pump.relayAnswers();
        }
        var to = new Position(page.feed(), page.last());
        if (!to.equals(from) && lease.isOurs()) {
            intake.store(page.entries(), to);
        }
        if (mayLackEnvelopes && !resubmitLacking()) {
            return properties.maxBackoff();
        }
        mayLackEnvelopes = false;
        boolean isNew = to.number() > from.number();
        var atLeast = isNew ? BETWEEN_PAGES : BETWEEN_EMPTY_PAGES;
        boolean isFull = page.entries().size() >= PAGE;
        return isFull || took.compareTo(atLeast) >= 0 ? Duration.ZERO : atLeast.minus(took);
    }

    /// @return whether the relay answered for all deliveries
    private boolean resubmitLacking() {
        int again = 0;
        for (var page = receipts.acceptedAfter(0, ASKED_AT_ONCE);
                !page.isEmpty();
                page = receipts.acceptedAfter(page.getLast().number(), ASKED_AT_ONCE)) {
            var lacking =
                    relay.lacking(page.stream().map(LastAccepted::envelope).toList());
            if (lacking.isEmpty()) {
                return false;
            }
            for (var accepted : page) {
                if (lacking.get().contains(accepted.envelope()) && outbox.submitAgain(accepted.delivery())) {
                    again++;
                }
            }
        }
        if (again > 0) {
            LOG.warn("The relay lacks accepted envelopes of {} deliveries; submitting them again.", again);
            pump.wake();
        }
        return true;
    }

    @Override
    public void stop() {
        running = false;
        var worker = thread;
        if (worker != null) {
            worker.interrupt();
            try {
                worker.join(BETWEEN_EMPTY_PAGES);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
