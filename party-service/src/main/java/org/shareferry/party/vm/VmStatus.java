// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.RunId;
import org.shareferry.member.MemberName;
import org.shareferry.site.settings.ConfiguredVm;

/// The status of a VM's connector.
///
/// @param name of the VM: `main` for that of `shareferry.party.vm`, or else its name in `shareferry.party.vms`
/// @param protocol that it is configured for
/// @param state `waiting`: the VM does not listen yet, see `cause`; `connecting`: it listens but has not accepted
///     yet; `connected`; `unusable`: local settings or certificates are unusable, see `problem`
/// @param since when this state began, in whole seconds
/// @param run the current run, once the VM has sent it
/// @param handingOver the delivery in progress
/// @param awaiting the inputs that the VM waits for
/// @param cause while waiting: the VM's address, and why there is no connection yet
/// @param problem what prevents a connection or ended the last one, and what to do
@Schema(name = "Vm")
public record VmStatus(
        String name,
        String protocol,

        @Schema(allowableValues = {WAITING, CONNECTING, CONNECTED, UNUSABLE})
        String state,

        Instant since,
        Optional<RunId> run,
        Optional<HandingOver> handingOver,
        Optional<Awaiting> awaiting,
        Optional<String> cause,
        Optional<String> problem) {
    static final String WAITING = "waiting";
    static final String CONNECTING = "connecting";
    static final String CONNECTED = "connected";
    static final String UNUSABLE = "unusable";

    /// All values of `state`.
    static final List<String> STATES = List.of(WAITING, CONNECTING, CONNECTED, UNUSABLE);

    public VmStatus {
        since = since.truncatedTo(ChronoUnit.SECONDS);
    }

    /// A delivery in progress.
    ///
    /// @param id the delivery
    /// @param sealed the number of envelopes that are sealed and stored
    /// @param of the number of all envelopes
    public record HandingOver(DeliveryId id, long sealed, long of) {}

    /// Inputs that the VM waits for.
    ///
    /// @param id the request
    /// @param client that must give them
    /// @param label of the client's inputs, as text, because many readers of JSON round numbers beyond 2^53
    /// @param count the number of inputs
    /// @param until when the program is stopped with error 1018 if there is no answer
    @Schema(name = "AwaitedInput")
    public record Awaiting(
            DeliveryId id,
            MemberName client,
            @Schema(example = "1755") String label,
            long count,
            Instant until) {
        public Awaiting {
            until = until.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    static VmStatus of(ConfiguredVm vm, String state, Instant since, Optional<String> problem) {
        return new VmStatus(
                vm.name(),
                vm.protocol().text(),
                state,
                since,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                problem);
    }

    boolean isIn(String wanted) {
        return state.equals(wanted);
    }

    VmStatus withCause(String why) {
        return new VmStatus(name, protocol, state, since, run, handingOver, awaiting, Optional.of(why), problem);
    }

    VmStatus withRun(RunId id) {
        return with(Optional.of(id), Optional.empty(), Optional.empty());
    }

    VmStatus withDelivery(HandingOver delivery) {
        return with(run, Optional.of(delivery), Optional.empty());
    }

    VmStatus withAwaited(Awaiting input) {
        return with(run, Optional.empty(), Optional.of(input));
    }

    VmStatus idle() {
        return with(run, Optional.empty(), Optional.empty());
    }

    private VmStatus with(Optional<RunId> id, Optional<HandingOver> delivery, Optional<Awaiting> input) {
        return new VmStatus(name, protocol, state, since, id, delivery, input, Optional.empty(), Optional.empty());
    }
}
