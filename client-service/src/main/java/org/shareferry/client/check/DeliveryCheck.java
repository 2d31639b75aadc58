// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.check;

import java.time.Instant;
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
import org.shareferry.check.Failure;
import org.shareferry.check.Verdict;
import org.shareferry.check.VerdictPolicy;
import org.shareferry.client.PartySets;
import org.shareferry.client.check.CheckStore.Chunk;
import org.shareferry.client.check.CheckStore.Complete;
import org.shareferry.client.check.CheckStore.Finished;
import org.shareferry.client.check.OpenedBodies.Opened;
import org.shareferry.client.check.Reconstruction.KeyRevokedException;
import org.shareferry.client.check.Reconstruction.Sum;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.service.storage.SharedCommits;
import org.shareferry.share.DecodedValues;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/// Checks a complete delivery chunk by chunk, and then reads it a second time for its values. A rejected delivery
/// is read a second time too, and gives zeros instead of values. So no rejected value reaches the disk, and the
/// timing of this client does not reveal the verdict. An interrupted run is repeated and has the same verdict,
/// because the seed of the challenges is stored.
@Component
class DeliveryCheck {
    private static final Logger LOG = LoggerFactory.getLogger(DeliveryCheck.class);

    private static final int PART = 1 << 20;

    private final CheckStore store;
    private final OpenedBodies bodies;
    private final Reconstruction reconstruction;
    private final PartySets partySets;
    private final SharedCommits commits;
    private final int part;

    @Autowired
    DeliveryCheck(
            CheckStore store,
            OpenedBodies bodies,
            Reconstruction reconstruction,
            PartySets partySets,
            SharedCommits commits) {
        this(store, bodies, reconstruction, partySets, commits, PART);
    }

    /// @param part the number of bytes of values to store together
    DeliveryCheck(
            CheckStore store,
            OpenedBodies bodies,
            Reconstruction reconstruction,
            PartySets partySets,
            SharedCommits commits,
            int part) {
        this.store = store;
        this.bodies = bodies;
        this.reconstruction = reconstruction;
        this.partySets = partySets;
        this.commits = commits;
        this.part = part;
    }

    /// @return the remaining values to store; empty if nothing is left to do
    Optional<Finished> run(DeliveryKey key) {
        try (var opened = bodies.take(key)) {
            return store.findUnfinished(key).flatMap(complete -> run(complete, opened));
        }
    }

    private Optional<Finished> run(Complete complete, Opened opened) {
        var run = new Run(complete.facts(), opened);
        try (var challenges = new Challenges(complete.seed(), run.facts.id())) {
            return values(run, complete.verdict().orElseGet(() -> run.judge(challenges)));
        } catch (KeyRevokedException e) {
            commits.commit(() -> store.giveUp(run.facts.key()));
            LOG.warn("A delivery cannot be checked, because its opening key was revoked."
                    + " Deliver again in another run.");
            return Optional.empty();
        } finally {
            reconstruction.end(run.facts);
        }
    }

    /// Overridden by a measurement that omits the second pass for rejected deliveries, to show its effect on
    /// timing.
    Optional<Finished> values(Run run, Verdict verdict) {
        return run.values(verdict);
    }

    final class Run {
        private final DeliveryFacts facts;
        private final Opened opened;
        private final List<Failure> failures = new ArrayList<>();

        Run(DeliveryFacts facts, Opened opened) {
            this.facts = facts;
            this.opened = opened;
        }

        private VerdictPolicy policy() {
            return partySets.verdictOf(facts.partySet());
        }

        Verdict judge(Challenges challenges) {
            return policy().judge(facts, facts.scheme().isCommitted() ? committed() : chunks(challenges));
        }

        private CheckResult chunks(Challenges challenges) {
            boolean holds = true;
            for (int index = 0; index < facts.shape().chunkCount(); index++) {
                holds &= chunk(challenges, index);
            }
            return holds ? CheckResult.HELD : CheckResult.FAILED;
        }

        private boolean chunk(Challenges challenges, int index) {
            try (var sum = sum(index)) {
                boolean holds = ChunkCheck.holds(facts.scheme(), sum.elements(), challenges.ofChunk(index));
                if (!holds) {
                    note(Failure.ofCheck(index));
                }
                return holds & sum.areShares();
            }
        }

        private Sum sum(int index) {
            var sum = reconstruction.sum(facts, new Place(Kind.VALUES, index), opened);
            sum.faulty().forEach(sender -> note(Failure.ofShares(index, sender)));
            return sum;
        }

        private void note(Failure failure) {
            if (failures.size() < Failure.MOST) {
                failures.add(failure);
            }
        }

        /// Does the same work for all closing words.
        private CheckResult committed() {
            var domain = facts.scheme().elementDomain(facts.domain());
            long count = facts.shape().count();
            var begun = closings().flatMap(words -> CommittedCheck.begin(facts.id(), domain, count, digests(), words));
            try (var check = begun.orElseGet(() -> CommittedCheck.failing(domain, count))) {
                if (committed(check)) {
                    return CheckResult.HELD;
                }
                if (failures.isEmpty()) {
                    note(Failure.ofCommitted());
                }
                return CheckResult.FAILED;
            }
        }

        private boolean committed(CommittedCheck check) {
            boolean holds = true;
            int last = facts.shape().chunkCount() - 1;
            for (int index = 0; index <= last; index++) {
                try (var sum = sum(index)) {
                    check.add(sum.elements(), facts.shape().valuesInChunk(index));
                    holds &= sum.areShares() & (index < last || check.holds(sum.elements()));
                }
            }
            return holds;
        }

        private Optional<List<ClosingWords>> closings() {
            var closings = new ArrayList<ClosingWords>();
            reconstruction.bodies(facts, new Place(Kind.CLOSING, 0), opened).forEach((sender, body) -> {
                try {
                    closings.add(ClosingWords.decode(body));
                } catch (MalformedException e) {
                    note(Failure.ofClosing(sender));
                }
            });
            return closings.size() == facts.parties().size() ? Optional.of(closings) : Optional.empty();
        }

        private List<Bytes> digests() {
            var digests = new ArrayList<Bytes>();
            for (var party : facts.parties()) {
                var digest = new EnvelopesDigest(
                        facts.id(), party.number(), facts.shape().chunkCount());
                store.eachId(facts.key(), party, digest::add);
                digests.add(digest.digest());
            }
            return digests;
        }

        /// Stores all parts of a long delivery's values except the last.
        Optional<Finished> values(Verdict verdict) {
            if (facts.scheme() == Scheme.INPUT) {
                return Optional.of(finished(verdict, List.of()));
            }
            var chunks = new ArrayList<Chunk>();
            int bytes = 0;
            for (int index = 0; index < facts.shape().chunkCount(); index++) {
                if (bytes >= part) {
                    var some = finished(verdict, chunks);
                    if (!commits.commit(() -> store.storePart(some))) {
                        return Optional.empty();
                    }
                    chunks.clear();
                    bytes = 0;
                }
                var raw = raw(index, verdict);
                chunks.add(new Chunk(index, raw));
                bytes += raw.size();
            }
            return Optional.of(finished(verdict, chunks));
        }

        Finished finished(Verdict verdict, List<Chunk> chunks) {
            var asked = facts.scheme() == Scheme.INPUT
                    ? Optional.of(store.created(facts.key(), new Place(Kind.CLOSING, 0)))
                    : Optional.<Instant>empty();
            return new Finished(
                    facts.key(), verdict, policy().doubts(facts), List.copyOf(failures), List.copyOf(chunks), asked);
        }

        private Bytes raw(int index, Verdict verdict) {
            int stride = facts.scheme().elementsPerValue();
            int count = facts.shape().valuesInChunk(index);
            try (var sum = sum(index)) {
                if (!sum.areShares() && verdict != Verdict.REJECTED) {
                    throw new IllegalStateException("A checked chunk no longer decodes.");
                }
                var raw = new DecodedValues(facts.domain(), facts.precision()).toRaw(sum.elements(), stride, count);
                if (verdict == Verdict.REJECTED) {
                    Arrays.fill(raw, (byte) 0);
                }
                return Bytes.of(raw);
            }
        }
    }
}
