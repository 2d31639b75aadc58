// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.canary.VmKind;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.party.handover.Beginning;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.input.AskedInput;
import org.shareferry.party.seal.Prepared;
import org.shareferry.party.vm.VmStatus.Awaiting;
import org.shareferry.party.vm.VmStatus.HandingOver;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a dialog access to its service, and holds the status that the service shows.
final class VmContext {
    private static final Logger LOG = LoggerFactory.getLogger(VmContext.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    private final Vm vm;
    private final VmService service;
    private final Stopping stopping;
    private volatile VmStatus status;

    VmContext(Vm vm, VmService service) {
        this.vm = vm;
        this.service = service;
        stopping = new Stopping(vm.properties().drainTimeout());
        status = VmStatus.of(vm, VmStatus.WAITING, service.clock().instant(), Optional.empty());
        VmMetrics.register(service.meters(), this);
    }

    /// @return the current status
    VmStatus status() {
        return status;
    }

    /// @return the stopping state of this service
    Stopping stopping() {
        return stopping;
    }

    void is(String state, Optional<String> problem) {
        if (!status.state().equals(state) || !status.problem().equals(problem)) {
            status = VmStatus.of(vm, state, service.clock().instant(), problem);
        }
    }

    /// Sets the status to waiting for a VM. The problem of the last connection stays visible.
    ///
    /// @param cause the VM's address, and why there is no connection
    /// @return whether the status changed
    boolean waits(String cause) {
        var before = status;
        if (before.isIn(VmStatus.WAITING) && before.cause().equals(Optional.of(cause))) {
            return false;
        }
        var waiting = before.isIn(VmStatus.WAITING)
                ? before
                : VmStatus.of(vm, VmStatus.WAITING, service.clock().instant(), Optional.empty());
        status = waiting.because(cause);
        return true;
    }

    /// Sets the status to waiting for inputs.
    void awaits(DeliveryFacts asked, Instant until) {
        status = status.awaits(new Awaiting(
                asked.id(),
                asked.recipient(),
                Long.toString(asked.label()),
                asked.shape().count(),
                until));
    }

    void isIdle() {
        status = status.idle();
    }

    void runs(RunId run) {
        status = status.inRun(run);
    }

    /// Stores durably that a VM has begun a run.
    ///
    /// @throws DialogRefusedException when the run was begun before
    void begin(RunId run) throws DialogRefusedException {
        if (!service.runs().begin(run)) {
            throw new DialogRefusedException(
                    VmRefusal.DUPLICATE,
                    "This run id was used before. A VM that reuses preprocessing files (options -F and -f) repeats"
                            + " its random values; start the VMs without these options.");
        }
    }

    /// @return the own party number
    int party() {
        return vm.own().number();
    }

    /// @return the name of the configured MPC protocol; the VM does not send it
    String protocol() {
        return vm.protocol().text();
    }

    /// The module makes the VM run its protocol's checks before any share leaves it.
    ///
    /// @return whether the configured protocol has checks of its own
    boolean hasOwnChecks() {
        return vm.protocol().hasOwnChecks();
    }

    /// @return the configured digest of the program; empty if there is none
    Bytes program() {
        return vm.program();
    }

    /// @param own the party number in the VM's greeting
    /// @param count N
    /// @throws DialogRefusedException when this service is configured for another party or other parties
    void checkParties(long own, int count) throws DialogRefusedException {
        vm.checkParties(
                own,
                count,
                service.roster().current().ofRole(Role.PARTY).stream()
                        .map(Member::name)
                        .toList());
    }

    /// @throws DialogRefusedException when the VM runs, or may run, another protocol than the configured one
    void checkKind(VmKind kind) throws DialogRefusedException {
        vm.checkKind(kind, service.canary());
    }

    /// Begins to poll for the answer to a request. The caller closes it.
    AwaitedInput await(AskedInput asked) {
        return new AwaitedInput(service.answers(), asked);
    }

    /// @return how long a client may take to answer
    Duration inputTimeout() {
        return vm.properties().inputTimeout();
    }

    /// @return the deadline for an answer that is awaited from now on
    Instant inputDeadline() {
        return service.clock().instant().plus(vm.properties().inputTimeout());
    }

    boolean isPast(Instant deadline) {
        return service.clock().instant().isAfter(deadline);
    }

    /// @return the roster's client, if it has exactly one
    Optional<MemberName> onlyClient() {
        var clients = service.roster().current().ofRole(Role.CLIENT);
        return clients.size() == 1 ? Optional.of(clients.getFirst().name()) : Optional.empty();
    }

    /// Makes the key agreement for a delivery that the VM may begin.
    Optional<Prepared> prepare(DeliveryId delivery, MemberName recipient) {
        return service.handOvers().prepare(delivery, recipient);
    }

    /// Begins a hand-over. If the recipient's key is missing, it waits for it, so that the output of a long
    /// computation is not lost because the relay is being restarted.
    ///
    /// @param prepared used if it matches; closed by the caller
    /// @return the delivery; the caller closes it
    VmDelivery begin(DeliveryFacts facts, PairwiseKeys keys, Optional<Prepared> prepared)
            throws DialogRefusedException {
        var deadline = service.clock().instant().plus(vm.properties().keyTimeout());
        while (true) {
            if (stopping.isOverdue()) {
                throw new DialogRefusedException(VmRefusal.STOPPING);
            }
            switch (service.handOvers().begin(facts, Optional.of(keys), prepared)) {
                case Beginning.Begun begun -> {
                    return delivery(begun, facts);
                }
                case Beginning.AlreadyHandedOver before -> throw new DialogRefusedException(VmRefusal.DUPLICATE);
                case Beginning.NotBegun(HandOverRefusal.KeyMissing missing)
                when service.clock().instant().isBefore(deadline) -> {
                    LOG.warn("The VM has to wait because there is no valid key of the recipient: {}", missing.why());
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
