// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.relay.answer.InputRequest.Match.Matches;
import org.shareferry.relay.answer.InputRequest.Match.Mismatch;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.RosterFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/// Decides which answers are accepted, and returns complete ones. The relay sees who answers which request and when;
/// the values are masked.
@Component
class AnswerAcceptance {
    private static final Logger LOG = LoggerFactory.getLogger(AnswerAcceptance.class);

    /// Longer than any time limit of a connection that uploads or fetches an answer.
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final StoredAnswers store;
    private final AnswerRemoval removal;
    private final RosterFile roster;
    private final CommitSignal commits;

    AnswerAcceptance(StoredAnswers store, AnswerRemoval removal, RosterFile roster, CommitSignal commits) {
        this.store = store;
        this.removal = removal;
        this.roster = roster;
        this.commits = commits;
    }

    /// Begins to receive an answer.
    ///
    /// @param client the client that sent it, or from which it was fetched
    AnswerOutcome take(MemberName client, DeliveryKey key, SignedInputStatement signed) {
        var request =
                store.request(key).filter(known -> known.facts().recipient().equals(client));
        if (request.isEmpty()) {
            return new AnswerOutcome.Unknown();
        }
        return switch (request.get().match(signed, roster.current())) {
            case Mismatch(var why) -> new AnswerOutcome.Invalid(why);
            case Matches(var statement) -> {
                var before = store.find(key);
                if (before.isEmpty()) {
                    yield new AnswerOutcome.Begun(new AnswerUpload(store, removal, signed, statement));
                }
                if (before.get().equals(signed)) {
                    yield new AnswerOutcome.StoredBefore();
                }
                store.differs(key, signed);
                LOG.error(
                        "{} signed two different answers to the request {}. Both are kept in the tables answer and"
                                + " answer_evidence, as evidence that the client cheats or was restored from a backup.",
                        client,
                        key);
                yield new AnswerOutcome.Differs();
            }
        };
    }

    /// @return whether the party is one of those that made this request
    boolean isKnown(MemberName party, DeliveryKey key) {
        return key.parties().members().contains(party) && store.request(key).isPresent();
    }

    /// Waits for the answer to a request.
    Optional<SignedInputStatement> await(DeliveryKey key, Duration wait) throws InterruptedException {
        return commits.poll(wait, () -> store.find(key), Optional::isPresent);
    }

    /// Deletes uploads that were abandoned when this or another replica crashed.
    @Scheduled(fixedDelayString = "PT10M", initialDelayString = "PT1M")
    void dropAbandoned() {
        removal.abandoned(ABANDONED).forEach(removal::drop);
    }
}
