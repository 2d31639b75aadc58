// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.MemberName;
import org.shareferry.relay.bundle.BundleOutcomes.NotJudged;
import org.shareferry.relay.bundle.BundleOutcomes.NotTaken;
import org.shareferry.relay.bundle.BundleOutcomes.RefusedForGood;
import org.shareferry.relay.bundle.BundleOutcomes.RefusedForNow;
import org.shareferry.relay.bundle.BundleStore.Refusal;
import org.shareferry.relay.bundle.BundleStore.Stored;
import org.shareferry.relay.bundle.BundleStore.Waiting;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.neighbour.Answer;
import org.shareferry.service.neighbour.BatchAnswer;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.service.problem.Finality;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Pushes bundles to a client, several in one request. Every attempt sends the same bytes. No transaction is open
/// meanwhile.
@Component
class Pusher {
    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);

    private static final Optional<Answer.Unavailable> NO_RECEIPT =
            Optional.of(new Answer.Unavailable("it gave no valid receipt", Optional.empty()));

    private final BundleStore bundles;
    private final BundleOutcomes outcomes;
    private final Receipts receipts;
    private final Neighbours neighbours;
    private final BundlesOut out;
    private final Reachability reachability;
    private final PushMeters meters;

    Pusher(
            BundleStore bundles,
            BundleOutcomes outcomes,
            Receipts receipts,
            Neighbours neighbours,
            BundlesOut out,
            Reachability reachability,
            PushMeters meters) {
        this.bundles = bundles;
        this.outcomes = outcomes;
        this.receipts = receipts;
        this.neighbours = neighbours;
        this.out = out;
        this.reachability = reachability;
        this.meters = meters;
    }

    /// The result of a request to a client.
    private enum Result {
        JUDGED,
        NONE,
        FAILED
    }

    /// Pushes some waiting bundles, unless the client is in a backoff.
    ///
    /// @return whether there may be more to push now
    boolean push(MemberName client, NextBundles next) throws InterruptedException {
        try (var turn = reachability.turn(client);
                var member = MDC.putCloseable("member", client.toString())) {
            if (turn.isRefused()) {
                return false;
            }
            var taken = next.take(turn.isAlone(), limit -> bundles.waitingFor(client, limit));
            var result = Result.NONE;
            try {
                result = taken.isEmpty() ? Result.NONE : push(client, taken);
                if (result == Result.FAILED
                        && !turn.isAlone()
                        && taken.size() == 1
                        && next.isSuspect(taken.getFirst())) {
                    // The client accepts other bundles and fails on this one, so this one waits.
                    outcomes.store(List.of(), List.of(new NotJudged(taken.getFirst())));
                }
            } finally {
                next.settled(taken, result == Result.FAILED);
            }
            return result == Result.JUDGED;
        }
    }

    private Result push(MemberName client, List<Waiting> taken) throws InterruptedException {
        var lease = out.toBring(client, taken.stream().mapToLong(Waiting::size).sum());
        if (lease.isEmpty()) {
            return Result.NONE;
        }
        try (var room = lease.get()) {
            var stored = new LinkedHashMap<Waiting, Stored>();
            taken.forEach(bundle -> stored.put(bundle, bundles.stored(bundle.key())));
            stored.values().removeIf(content -> content.encoded().isEmpty());
            if (stored.isEmpty()) {
                return Result.NONE;
            }
            var answer = send(client, stored.values());
            return settle(client, stored, answer) ? Result.JUDGED : Result.FAILED;
        }
    }

    private BatchAnswer send(MemberName client, Collection<Stored> stored) {
        var items = stored.stream()
                .map(content -> new BatchItem(HeldBundles.content(content.encoded())))
                .toList();
        LOG.debug("Pushing {} bundles", items.size());
        return meters.time(() -> neighbours.postBatch(client, "/v1/bundles", items));
    }

    /// @return whether any of them has an outcome
    private boolean settle(MemberName client, Map<Waiting, Stored> sent, BatchAnswer answer) {
        var ids = new HashMap<BundleKey, Map<MemberName, EnvelopeId>>();
        sent.forEach((bundle, content) -> ids.put(bundle.key(), content.ids()));
        var believed = answer.receipts().stream()
                .flatMap(receipt -> receipts.verify(client, receipt, key -> ids.getOrDefault(key, Map.of())).stream())
                .toList();
        var covered = new HashSet<BundleKey>();
        believed.forEach(receipt -> covered.addAll(receipt.keys()));
        var others = new ArrayList<NotTaken>();
        var answers = answer.items().iterator();
        var trouble = answer.failure();
        for (var bundle : sent.keySet()) {
            switch (answers.next()) {
                case Answer.Accepted accepted when covered.contains(bundle.key()) -> {}
                case Answer.Accepted accepted -> {
                    LOG.warn("{} gave no valid receipt for the bundle {}", client, bundle.key());
                    others.add(new NotJudged(bundle));
                    trouble = trouble.or(() -> NO_RECEIPT);
                }
                case Answer.Refused refused -> others.add(refusal(client, bundle.key(), refused));
                case Answer.Unavailable unavailable -> {
                    others.add(new NotJudged(bundle));
                    trouble = trouble.or(() -> Optional.of(unavailable));
                }
            }
        }
        if (trouble.isPresent() && believed.isEmpty() && others.stream().allMatch(NotJudged.class::isInstance)) {
            reachability.failed(client, trouble.get().reason(), trouble.get().retryAfter());
            meters.postponed(sent.size());
            return false;
        }
        reachability.reached(client);
        outcomes.store(believed, others);
        return true;
    }

    private static NotTaken refusal(MemberName client, BundleKey key, Answer.Refused refused) {
        var why = new Refusal(
                refused.problem().toString(), client + " refused it: " + refused.detail(), client.toString());
        return refused.finality() == Finality.FINAL ? new RefusedForGood(key, why) : new RefusedForNow(key, why);
    }
}
