// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.submission;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.party.outbox.OutboxDelivery.Refusal;
import org.shareferry.party.outbox.ReceiptStore.Position;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.neighbour.Answer;

/// Requests to the relay.
interface RelayClient {
    /// Submits encoded envelopes in one request.
    ///
    /// @return one answer for each, in order
    List<Answer> submit(List<Bytes> envelopes);

    /// Long poll for new entries of the feed.
    /// @param from the end of the last page
    FeedPoll pollFeed(Position from, Duration wait, int limit);

    /// Asks which of this party's envelopes the relay does not have.
    ///
    /// @param envelopes at most 500
    /// @return the missing ones; empty if the relay does not answer
    Optional<Set<EnvelopeId>> lacking(List<EnvelopeId> envelopes);

    /// The result of a poll of the feed.
    sealed interface FeedPoll {
        /// @param feed the id of the feed
        /// @param entries in order, without malformed ones
        /// @param last the number up to which the page is complete
        record Page(String feed, List<FeedEntry> entries, long last) implements FeedPoll {}

        /// The relay has a different feed, or it ends before the requested number.
        record OtherFeed() implements FeedPoll {}

        /// The relay does not answer now.
        record NotNow(String reason, Optional<Duration> retryAfter) implements FeedPoll {}
    }

    /// One entry of the feed.
    ///
    /// @param parties of the delivery; different sets of parties can have deliveries with the same id
    /// @param state `receipt`, `bundled`, `refused`, `held`, `released`, `expired`, or an unknown state of a newer
    ///     relay
    /// @param receipt not verified yet
    record FeedEntry(
            long number,
            DeliveryId delivery,
            PartySet parties,
            String state,
            Optional<SignedReceipt> receipt,
            Refusal problem) {}
}
