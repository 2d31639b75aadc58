// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.Challenges;
import org.shareferry.check.CheckResult;
import org.shareferry.check.ChunkCheck;
import org.shareferry.check.ClosingWords;
import org.shareferry.check.CommittedCheck;
import org.shareferry.check.EnvelopesDigest;
import org.shareferry.check.Verdict;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.client.check.Reconstruction.KeyRevokedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.share.DecodedValues;
import org.shareferry.share.ElementVector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;

/// Checks a complete delivery, chunk by chunk, and then goes through it once more and writes its values. A
/// rejected delivery is gone through once more as well, and has as many zeros written as it has values: so no
/// value of it ever reaches the disk, and whoever can time this client does not learn from the work that
/// follows whether the check held. A run that was broken off is begun again and comes to the same verdict,
/// because the challenges' seed is stored.
@Component
class DeliveryCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryCheck.class);

    private final CheckStore store;
    private final Reconstruction reconstruction;
    private final VerdictPolicy policy;
    private final MeterRegistry meters;

    DeliveryCheck(CheckStore store, Reconstruction reconstruction, VerdictPolicy policy, MeterRegistry meters) {
        this.store = store;
        this.reconstruction = reconstruction;
        this.policy = policy;
        this.meters = meters;
    }

    void run(DeliveryKey key) {
        try (var ignored = MDC.putCloseable("delivery", key.id().toString())) {
            var complete = store.findUnfinished(key);
            if (complete.isPresent()) {
                check(complete.get());
            }
        }
    }

    private void check(CheckStore.Complete complete) {
        var facts = complete.facts();
        try (var challenges = new Challenges(complete.seed(), facts.id())) {
            var verdict = complete.verdict().orElseGet(() -> judge(facts, challenges));
            writeValues(facts, verdict);
            store.finish(facts.key());
            LOG.info("A delivery was checked");
        } catch (KeyRevokedException e) {
            store.giveUp(facts.key());
            LOG.warn("A delivery cannot be checked: the opening key that it is sealed to was revoked. Run it again.");
        }
    }

    private Verdict judge(DeliveryFacts facts, Challenges challenges) {
        var result = facts.scheme() == Scheme.COMMITTED ? committed(facts) : chunks(facts, challenges);
        var verdict = policy.judge(facts, result);
        store.storeVerdict(facts.key(), verdict, policy.doubts(facts));
        meters.counter("shareferry.deliveries.checked").increment();
        return verdict;
    }

    private CheckResult chunks(DeliveryFacts facts, Challenges challenges) {
        boolean holds = true;
        for (int index = 0; index < facts.shape().chunkCount(); index++) {
            holds &= chunk(facts, challenges, index);
        }
        return holds ? CheckResult.HELD : CheckResult.FAILED;
    }

    private boolean chunk(DeliveryFacts facts, Challenges challenges, int index) {
        var elements = sum(facts, index);
        if (elements.isEmpty()) {
            return false;
        }
        try (var sums = elements.get()) {
            return ChunkCheck.holds(facts.scheme(), sums, challenges.ofChunk(index));
        }
    }

    private Optional<ElementVector> sum(DeliveryFacts facts, int index) {
        return reconstruction.sum(facts, new Place(Kind.VALUES, index));
    }

    private CheckResult committed(DeliveryFacts facts) {
        var closings = closings(facts.key());
        var begun = closings.flatMap(words -> CommittedCheck.begin(
                facts.id(),
                facts.scheme().elementDomain(facts.domain()),
                facts.shape().count(),
                digests(facts),
                words));
        try {
            return committed(facts, begun) ? CheckResult.HELD : CheckResult.FAILED;
        } finally {
            begun.ifPresent(CommittedCheck::close);
        }
    }

    /// Opens everything, also when the check has failed already.
    private boolean committed(DeliveryFacts facts, Optional<CommittedCheck> check) {
        boolean holds = check.isPresent();
        int last = facts.shape().chunkCount() - 1;
        for (int index = 0; index <= last; index++) {
            var elements = sum(facts, index);
            holds &= elements.isPresent();
            try (var sums = elements.orElseGet(() -> ElementVector.zeros(facts.domain(), 0))) {
                if (holds) {
                    check.orElseThrow().add(sums, facts.shape().valuesInChunk(index));
                    holds = index < last || check.orElseThrow().holds(sums);
                }
            }
        }
        return holds;
    }

    private Optional<List<ClosingWords>> closings(DeliveryKey key) {
        var closings = new ArrayList<ClosingWords>();
        for (var body : reconstruction.bodies(key, new Place(Kind.CLOSING, 0))) {
            try {
                closings.add(ClosingWords.decode(body));
            } catch (MalformedException e) {
                return Optional.empty();
            }
        }
        return Optional.of(closings);
    }

    private List<Bytes> digests(DeliveryFacts facts) {
        var digests = new ArrayList<Bytes>();
        for (var party : facts.parties()) {
            var digest = new EnvelopesDigest(
                    facts.id(), party.number(), facts.shape().chunkCount());
            store.eachId(facts.key(), party, digest::add);
            digests.add(digest.digest());
        }
        return digests;
    }

    /// A measurement leaves it out for rejected deliveries, to see what that would tell.
    void writeValues(DeliveryFacts facts, Verdict verdict) {
        var decoded = new DecodedValues(facts.domain(), facts.precision());
        int stride = facts.scheme().elementsPerValue();
        for (int index = 0; index < facts.shape().chunkCount(); index++) {
            int count = facts.shape().valuesInChunk(index);
            var sum = sum(facts, index);
            if (sum.isEmpty() && verdict != Verdict.REJECTED) {
                throw new IllegalStateException("A checked chunk does not decode any more.");
            }
            try (var values = sum.orElseGet(() -> ElementVector.zeros(facts.domain(), stride * count))) {
                var raw = decoded.toRaw(values, stride, count);
                if (verdict == Verdict.REJECTED) {
                    Arrays.fill(raw, (byte) 0);
                }
                store.storeValues(facts.key(), index, raw);
            }
        }
    }
}
