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

/// What we ask of the relay.
interface RelayClient {
    /// Submits encoded envelopes in one request.
    ///
    /// @return one answer each, in order
    List<Answer> submit(List<Bytes> envelopes);

    /// Asks for what is new, and lets the relay keep us waiting until there is something.
    ///
    /// @param from where the last page ended
    News news(Position from, Duration wait, int limit);

    /// Asks which of our envelopes the relay does not have.
    ///
    /// @param envelopes at most 500
    /// @return those; nothing when it does not tell now
    Optional<Set<EnvelopeId>> lacking(List<EnvelopeId> envelopes);

    /// What the relay answers to a question for news.
    sealed interface News {
        /// @param feed whose numbers these are
        /// @param told in order, as far as they can be read
        /// @param last the number up to which nothing is missing here
        record Page(String feed, List<Told> told, long last) implements News {}

        /// The relay's feed is another one, or ends before the number that was asked for.
        record OtherFeed() implements News {}

        /// It does not tell now.
        record NotNow(String reason, Optional<Duration> retryAfter) implements News {}
    }

    /// What became of something, as the relay says.
    ///
    /// @param parties of the delivery: another set of parties can have a delivery with the same id
    /// @param state `receipt`, `bundled`, `refused`, `held`, `released`, `expired`, or what a newer relay may know
    /// @param receipt not yet believed
    record Told(
            long number,
            DeliveryId delivery,
            PartySet parties,
            String state,
            Optional<SignedReceipt> receipt,
            Refusal problem) {}
}
