// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.handover.HandOverStart;
import org.shareferry.party.input.InputRequest;
import org.shareferry.party.seal.PreparedKeyAgreement;
import org.shareferry.party.vm.VmStatus.Awaiting;
import org.shareferry.party.vm.VmStatus.HandingOver;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.site.canary.VmKind;
import org.shareferry.site.settings.ConfiguredVm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives a dialog access to its service, and holds the status that the service shows.
final class VmContext {
    private static final Logger LOG = LoggerFactory.getLogger(VmContext.class);
    private static final Duration KEY_RETRY_INTERVAL = Duration.ofMillis(500);

    private final ConfiguredVm vm;
    private final VmDependencies dependencies;
    private final Shutdown shutdown;
    private volatile VmStatus status;

    VmContext(ConfiguredVm vm, VmDependencies dependencies) {
        this.vm = vm;
        this.dependencies = dependencies;
        shutdown = new Shutdown(vm.properties().drainTimeout());
        status = VmStatus.of(vm, VmStatus.WAITING, dependencies.clock().instant(), Optional.empty());
        VmMetrics.register(dependencies.meters(), this);
    }

    /// @return the current status
    VmStatus status() {
        return status;
    }

    /// @return the stopping state of this service
    Shutdown shutdown() {
        return shutdown;
    }

    void setState(String state, Optional<String> problem) {
        if (!status.state().equals(state) || !status.problem().equals(problem)) {
            status = VmStatus.of(vm, state, dependencies.clock().instant(), problem);
        }
    }

    /// Sets the status to waiting for a VM. The problem of the last connection stays visible.
    ///
    /// @param cause the VM's address, and why there is no connection
    /// @return whether the status changed
    boolean setWaiting(String cause) {
        var before = status;
        if (before.isIn(VmStatus.WAITING) && before.cause().equals(Optional.of(cause))) {
            return false;
        }
        var waiting = before.isIn(VmStatus.WAITING)
                ? before
                : VmStatus.of(vm, VmStatus.WAITING, dependencies.clock().instant(), Optional.empty());
        status = waiting.withCause(cause);
        return true;
    }

    /// Sets the status to waiting for inputs.
    void setAwaiting(DeliveryFacts request, Instant until) {
        status = status.withAwaited(new Awaiting(
                request.id(),
                request.recipient(),
                Long.toString(request.label()),
                request.shape().count(),
                until));
    }

    void setIdle() {
        status = status.idle();
    }

    void setRun(RunId run) {
        status = status.withRun(run);
    }

    /// Stores durably that a VM has begun a run.
    ///
    /// @throws DialogRefusedException when the run was begun before
    void registerRun(RunId run) throws DialogRefusedException {
        if (!dependencies.runs().begin(run)) {
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
        new GreetingCheck(vm)
                .checkParties(
                        own,
                        count,
                        dependencies.roster().current().ofRole(Role.PARTY).stream()
                                .map(Member::name)
                                .toList());
    }

    /// @throws DialogRefusedException when the VM runs, or may run, another protocol than the configured one
    void checkKind(VmKind kind) throws DialogRefusedException {
        new GreetingCheck(vm).checkKind(kind, dependencies.canary());
    }

    /// Begins to poll for the answer to a request. The caller closes it.
    AnswerPoll await(InputRequest request) {
        return new AnswerPoll(dependencies.answers(), request);
    }

    /// @return how long a client may take to answer
    Duration inputTimeout() {
        return vm.properties().inputTimeout();
    }

    /// @return the deadline for an answer that is awaited from now on
    Instant inputDeadline() {
        return dependencies.clock().instant().plus(vm.properties().inputTimeout());
    }

    boolean isPast(Instant deadline) {
        return dependencies.clock().instant().isAfter(deadline);
    }

    /// @return the roster's client, if it has exactly one
    Optional<MemberName> onlyClient() {
        var clients = dependencies.roster().current().ofRole(Role.CLIENT);
        return clients.size() == 1 ? Optional.of(clients.getFirst().name()) : Optional.empty();
    }

    /// Makes the key agreement for a delivery that the VM may begin.
    Optional<PreparedKeyAgreement> prepare(DeliveryId delivery, MemberName recipient) {
        return dependencies.handOvers().prepare(delivery, recipient);
    }

    /// Begins a hand-over. If the recipient's key is missing, it waits for it, so that the output of a long
    /// computation is not lost because the relay is being restarted.
    ///
    /// @param prepared used if it matches; closed by the caller
    /// @return the delivery; the caller closes it
    VmDelivery begin(DeliveryFacts facts, PairwiseKeys keys, Optional<PreparedKeyAgreement> prepared)
            throws DialogRefusedException {
        var deadline = dependencies.clock().instant().plus(vm.properties().keyTimeout());
        while (true) {
            if (shutdown.isOverdue()) {
                throw new DialogRefusedException(VmRefusal.STOPPING);
            }
            switch (dependencies.handOvers().begin(facts, Optional.of(keys), prepared)) {
                case HandOverStart.Started started -> {
                    return delivery(started, facts);
                }
                case HandOverStart.AlreadyHandedOver before -> throw new DialogRefusedException(VmRefusal.DUPLICATE);
                case HandOverStart.Refused(HandOverRefusal.KeyMissing missing)
                when dependencies.clock().instant().isBefore(deadline) -> {
                    LOG.warn("The VM waits for a valid key of the recipient: {}", missing.why());
                    pause();
                }
                case HandOverStart.Refused refused -> throw DialogRefusals.of(refused.why());
            }
        }
    }

    private VmDelivery delivery(HandOverStart.Started started, DeliveryFacts facts) {
        long places = facts.shape().placeCount(facts.scheme());
        status = status.withDelivery(new HandingOver(facts.id(), 0, places));
        return new VmDelivery(
                started.handOver(),
                count -> status = count == places
                        ? status.idle()
                        : status.withDelivery(new HandingOver(facts.id(), count, places)));
    }

    private static void pause() throws DialogRefusedException {
        try {
            Thread.sleep(KEY_RETRY_INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DialogRefusedException(VmRefusal.STOPPING);
        }
    }
}
