// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.party.PartyProperties;
import org.shareferry.party.handover.Beginning;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.handover.HandOvers;
import org.shareferry.party.input.AskedInput;
import org.shareferry.party.input.InputAnswers;
import org.shareferry.party.outbox.SeenRuns;
import org.shareferry.party.seal.Prepared;
import org.shareferry.party.vm.VmStatus.HandingOver;
import org.shareferry.service.member.RosterFile;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/// What a dialog needs of the service around it, and what the service shows of the dialog.
@Component
public final class VmSite {
    private static final Logger LOG = LoggerFactory.getLogger(VmSite.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final HandOvers handOvers;
    private final InputAnswers answers;
    private final SeenRuns runs;
    private final PartyProperties party;
    private final VmProperties properties;
    private final RosterFile roster;
    private final VmPort port;
    private final Clock clock;
    private final Stopping stopping;
    private volatile VmStatus status;

    VmSite(
            HandOvers handOvers,
            InputAnswers answers,
            SeenRuns runs,
            PartyProperties party,
            VmProperties properties,
            RosterFile roster,
            VmPort port,
            Clock clock,
            MeterRegistry meters) {
        this.handOvers = handOvers;
        this.answers = answers;
        this.runs = runs;
        this.party = party;
        this.properties = properties;
        this.roster = roster;
        this.port = port;
        this.clock = clock;
        stopping = new Stopping(properties.lastWords());
        status = VmStatus.of(VmStatus.WAITING, clock.instant(), Optional.empty());
        if (properties.isConfigured()) {
            register(meters);
        }
    }

    private void register(MeterRegistry meters) {
        gauge(
                        "shareferry.vm.connected",
                        "Whether the party's VM is connected",
                        now -> now.isIn(VmStatus.CONNECTED) ? 1 : 0)
                .register(meters);
        for (var state : VmStatus.STATES) {
            gauge(
                            "shareferry.vm.state",
                            "Whether this is how connector and VM stand to each other",
                            now -> now.isIn(state) ? 1 : 0)
                    .tag("state", state)
                    .register(meters);
        }
        gauge(
                        "shareferry.vm.state.since",
                        "When this state began",
                        now -> now.since().getEpochSecond())
                .baseUnit("seconds")
                .register(meters);
        gauge(
                        "shareferry.vm.handing.over.sealed",
                        "Envelopes sealed of the delivery that is coming in from the VM",
                        now -> now.handingOver().map(HandingOver::sealed).orElse(0L))
                .register(meters);
        gauge(
                        "shareferry.vm.handing.over.places",
                        "Envelopes that the delivery that is coming in from the VM will have",
                        now -> now.handingOver().map(HandingOver::of).orElse(0L))
                .register(meters);
    }

    private Gauge.Builder<VmSite> gauge(String name, String description, ToLongFunction<VmStatus> figure) {
        return Gauge.builder(name, this, site -> figure.applyAsLong(site.status()))
                .description(description);
    }

    /// @return how the connector and the VM stand to each other now
    VmStatus status() {
        return status;
    }

    /// @return how the connector and the VM stand to each other now, where the port of a VM is configured
    public Optional<VmStatus> statusIfConfigured() {
        return properties.isConfigured() ? Optional.of(status) : Optional.empty();
    }

    /// @return whether this service stops
    Stopping stopping() {
        return stopping;
    }

    void is(String state, Optional<String> problem) {
        if (!status.state().equals(state) || !status.problem().equals(problem)) {
            status = VmStatus.of(state, clock.instant(), problem);
        }
    }

    /// There is no VM yet. What ended the last connection is still told.
    ///
    /// @param cause where it is looked for, and why there is none
    /// @return whether this is news
    boolean waits(String cause) {
        var before = status;
        if (before.isIn(VmStatus.WAITING) && before.cause().equals(Optional.of(cause))) {
            return false;
        }
        var waiting = before.isIn(VmStatus.WAITING)
                ? before
                : VmStatus.of(VmStatus.WAITING, clock.instant(), Optional.empty());
        status = waiting.because(cause);
        return true;
    }

    void runs(RunId run) {
        status = status.inRun(run);
    }

    /// Notes durably that a VM has begun a run.
    ///
    /// @throws DialogRefusedException when one did so before
    void begin(RunId run) throws DialogRefusedException {
        if (!runs.begin(run)) {
            throw new DialogRefusedException(
                    VmRefusal.DUPLICATE,
                    "This run id was here before. A VM that uses files of preprocessing again (options -F and -f) repeats"
                            + " its random values; start the VMs without them.");
        }
    }

    /// @return our number in the computation
    int party() {
        return port.party();
    }

    /// @return the MPC protocol's name as configured: the VM does not tell it
    String protocol() {
        return party.protocol();
    }

    /// The module has the VM run its protocol's checks before anything leaves it.
    ///
    /// @return whether the configured protocol has some
    boolean hasOwnChecks() {
        return configured().hasOwnChecks();
    }

    /// @return the digest of the program as configured; empty when there is none
    Bytes program() {
        return party.programDigest();
    }

    private Protocol configured() {
        return Protocol.named(protocol())
                .orElseThrow(() -> new IllegalStateException("The service started with an unknown protocol."));
    }

    /// @param own the number that the VM gives itself
    /// @param count N
    /// @throws DialogRefusedException when this service is configured for another party or other parties
    void checkParties(long own, int count) throws DialogRefusedException {
        if (own != party()) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES, "The VM is that of party " + own + ", this service that of P" + party() + ".");
        }
        var configured = party.parties().isEmpty()
                ? roster.current().ofRole(Role.PARTY).stream().map(Member::name).toList()
                : party.partyNames();
        List<MemberName> computing =
                IntStream.range(0, count).mapToObj(MemberName::party).toList();
        if (!configured.equals(computing)) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The computation has the parties " + computing + ", but this service is configured for "
                            + configured + " (shareferry.party.parties, or else the roster).");
        }
    }

    /// What a VM shows of itself must be what the protocol that is configured here would show. Not every protocol can
    /// be
    /// told from every other so.
    ///
    /// @param parties N
    /// @param threshold t, as the VM says
    /// @param elementsInShare r, of what the VM writes for one share
    /// @throws DialogRefusedException when the VM runs another protocol
    void checkProtocol(Domain domain, int parties, long threshold, int elementsInShare) throws DialogRefusedException {
        var configured = configured();
        var wrong = Protocol.contradiction(protocol(), domain)
                .or(() -> configured.contradiction(parties, threshold))
                .or(() -> configured.elementsInShare().isPresent()
                                && configured.elementsInShare().getAsInt() != elementsInShare
                        ? Optional.of(protocol() + " writes shares of "
                                + configured.elementsInShare().getAsInt() + " elements, this VM of " + elementsInShare
                                + ".")
                        : Optional.empty());
        if (wrong.isPresent()) {
            throw new DialogRefusedException(VmRefusal.PROTOCOL, wrong.get() + HandOvers.CORRECT_THE_PROTOCOL);
        }
    }

    /// Begins to look for the answer to a request, which the caller closes.
    AwaitedInput await(AskedInput asked) {
        return new AwaitedInput(answers, asked);
    }

    /// @return how long a client may take to answer
    Duration inputTimeout() {
        return properties.inputTimeout();
    }

    /// @return until when an answer that is awaited from now on may come
    Instant inputDeadline() {
        return clock.instant().plus(properties.inputTimeout());
    }

    boolean isPast(Instant deadline) {
        return clock.instant().isAfter(deadline);
    }

    /// @return the roster's client, if it has exactly one
    Optional<MemberName> onlyClient() {
        var clients = roster.current().ofRole(Role.CLIENT);
        return clients.size() == 1 ? Optional.of(clients.getFirst().name()) : Optional.empty();
    }

    /// Agrees on a key for a delivery that the VM may ask for.
    Optional<Prepared> prepare(DeliveryId delivery, MemberName recipient) {
        return handOvers.prepare(delivery, recipient);
    }

    /// Begins a hand-over, and waits a while for the recipient's key if that is what is missing: an output of
    /// a long computation is not thrown away because the relay is being restarted.
    ///
    /// @param prepared is used if it fits; stays the caller's to close
    /// @return the delivery, which the caller closes
    VmDelivery begin(DeliveryFacts facts, PairwiseKeys keys, Optional<Prepared> prepared)
            throws DialogRefusedException {
        var deadline = clock.instant().plus(properties.keyPatience());
        while (true) {
            if (stopping.isOverdue()) {
                throw new DialogRefusedException(VmRefusal.STOPPING);
            }
            switch (handOvers.begin(facts, Optional.of(keys), prepared)) {
                case Beginning.Begun begun -> {
                    return delivery(begun, facts);
                }
                case Beginning.AlreadyHandedOver before -> throw new DialogRefusedException(VmRefusal.DUPLICATE);
                case Beginning.NotBegun(HandOverRefusal.KeyMissing missing)
                when clock.instant().isBefore(deadline) -> {
                    LOG.warn("The VM waits, because there is no key to seal to: {}", missing.why());
                    pause();
                }
                case Beginning.NotBegun refused -> throw Refusals.of(refused.why());
            }
        }
    }

    private VmDelivery delivery(Beginning.Begun begun, DeliveryFacts facts) {
        long places = facts.shape().placeCount(facts.scheme());
        status = status.handing(new HandingOver(facts.id(), 0, places));
        return new VmDelivery(
                begun.handOver(),
                count -> status =
                        count == places ? status.idle() : status.handing(new HandingOver(facts.id(), count, places)));
    }

    private static void pause() throws DialogRefusedException {
        try {
            Thread.sleep(BETWEEN_LOOKS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DialogRefusedException(VmRefusal.STOPPING);
        }
    }
}
