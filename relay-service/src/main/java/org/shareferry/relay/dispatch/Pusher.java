// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.dispatch;

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
import org.shareferry.relay.assembly.BundleKey;
import org.shareferry.relay.assembly.BundleStore.Refusal;
import org.shareferry.relay.dispatch.BundleOutcomes.NoOutcome;
import org.shareferry.relay.dispatch.BundleOutcomes.NotAccepted;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedFinally;
import org.shareferry.relay.dispatch.BundleOutcomes.RefusedForNow;
import org.shareferry.relay.dispatch.DispatchStore.Stored;
import org.shareferry.relay.dispatch.DispatchStore.Waiting;
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

    private final DispatchStore bundles;
    private final BundleOutcomes outcomes;
    private final ReceiptVerifier receipts;
    private final Neighbours neighbours;
    private final BundleMemory memory;
    private final Reachability reachability;
    private final PushMeters meters;

    Pusher(
            DispatchStore bundles,
            BundleOutcomes outcomes,
            ReceiptVerifier receipts,
            Neighbours neighbours,
            BundleMemory memory,
            Reachability reachability,
            PushMeters meters) {
        this.bundles = bundles;
        this.outcomes = outcomes;
        this.receipts = receipts;
        this.neighbours = neighbours;
        this.memory = memory;
        this.reachability = reachability;
        this.meters = meters;
    }

    /// The result of a request to a client.
    private enum Result {
        PROCESSED,
        NONE,
        FAILED
    }

    /// Pushes some waiting bundles, unless the client is in a backoff.
    ///
    /// @return whether there may be more to push now
    boolean push(MemberName client, BatchSelector selector) throws InterruptedException {
        try (var permit = reachability.permit(client);
                var member = MDC.putCloseable("member", client.toString())) {
            if (permit.isRefused()) {
                return false;
            }
            var taken = selector.take(permit.isAlone(), limit -> bundles.waitingFor(client, limit));
            var result = Result.NONE;
            try {
                result = taken.isEmpty() ? Result.NONE : push(client, taken);
                if (result == Result.FAILED
                        && !permit.isAlone()
                        && taken.size() == 1
                        && selector.isSuspect(taken.getFirst())) {
                    // The client accepts other bundles and fails on this one, so this one waits.
                    outcomes.store(List.of(), List.of(new NoOutcome(taken.getFirst())));
                }
            } finally {
                selector.settled(taken, result == Result.FAILED);
            }
            return result == Result.PROCESSED;
        }
    }

    private Result push(MemberName client, List<Waiting> taken) throws InterruptedException {
        var lease =
                memory.forPush(client, taken.stream().mapToLong(Waiting::size).sum());
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
            return settle(client, stored, answer) ? Result.PROCESSED : Result.FAILED;
        }
    }

    private BatchAnswer send(MemberName client, Collection<Stored> stored) {
        var items = stored.stream()
                .map(content -> new BatchItem(DispatchStore.content(content.encoded())))
                .toList();
        LOG.debug("Pushing {} bundles", items.size());
        return meters.time(() -> neighbours.postBatch(client, "/v1/bundles", items));
    }

    /// @return whether any of them has an outcome
    private boolean settle(MemberName client, Map<Waiting, Stored> sent, BatchAnswer answer) {
        var ids = new HashMap<BundleKey, Map<MemberName, EnvelopeId>>();
        sent.forEach((bundle, content) -> ids.put(bundle.key(), content.ids()));
        var verified = answer.receipts().stream()
                .flatMap(receipt -> receipts.verify(client, receipt, key -> ids.getOrDefault(key, Map.of())).stream())
                .toList();
        var covered = new HashSet<BundleKey>();
        verified.forEach(receipt -> covered.addAll(receipt.keys()));
        var others = new ArrayList<NotAccepted>();
        var answers = answer.items().iterator();
        var failure = answer.failure();
        for (var bundle : sent.keySet()) {
            switch (answers.next()) {
                case Answer.Accepted accepted when covered.contains(bundle.key()) -> {}
                case Answer.Accepted accepted -> {
                    LOG.warn("{} gave no valid receipt for the bundle {}", client, bundle.key());
                    others.add(new NoOutcome(bundle));
                    failure = failure.or(() -> NO_RECEIPT);
                }
                case Answer.Refused refused -> others.add(refusal(client, bundle.key(), refused));
                case Answer.Unavailable unavailable -> {
                    others.add(new NoOutcome(bundle));
                    failure = failure.or(() -> Optional.of(unavailable));
                }
            }
        }
        if (failure.isPresent() && verified.isEmpty() && others.stream().allMatch(NoOutcome.class::isInstance)) {
            reachability.failed(client, failure.get().reason(), failure.get().retryAfter());
            meters.postponed(sent.size());
            return false;
        }
        reachability.reached(client);
        outcomes.store(verified, others);
        return true;
    }

    private static NotAccepted refusal(MemberName client, BundleKey key, Answer.Refused refused) {
        var why = new Refusal(
                refused.problem().toString(), client + " refused it: " + refused.detail(), client.toString());
        return refused.finality() == Finality.FINAL ? new RefusedFinally(key, why) : new RefusedForNow(key, why);
    }
}
