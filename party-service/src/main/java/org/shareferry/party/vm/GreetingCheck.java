// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.VmKind;
import org.shareferry.site.settings.ConfiguredVm;

/// The checks that a connected VM must pass.
///
/// @param vm as it is configured
record GreetingCheck(ConfiguredVm vm) {
    /// @param number the party number in the VM's greeting
    /// @param count N
    /// @param roster the parties of the roster
    /// @throws DialogRefusedException when the VM belongs to another party or computes with other parties
    void checkParties(long number, int count, List<MemberName> roster) throws DialogRefusedException {
        if (number != vm.own().number()) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The VM belongs to party " + number + ", but this service belongs to " + vm.own() + ".");
        }
        var configured = vm.parties().isEmpty() ? roster : vm.parties();
        var computing = IntStream.range(0, count).mapToObj(MemberName::party).toList();
        if (!configured.equals(computing)) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The computation has the parties " + computing + ", but this service is configured for "
                            + configured + " ("
                            + vm.settingOf("parties", !vm.properties().parties().isEmpty())
                            + ", by default the roster).");
        }
    }

    /// The VM's properties must match the configured protocol. This does not distinguish all protocols, so those
    /// that need an honest majority also need a passed canary run.
    ///
    /// @throws DialogRefusedException when the VM runs, or may run, another protocol
    void checkKind(VmKind kind, CanaryFolder canary) throws DialogRefusedException {
        var wrong = Protocol.contradiction(vm.protocol().text(), kind.domain())
                .or(() -> vm.protocol().contradiction(kind.parties(), kind.threshold()))
                .or(() -> otherShares(kind.elementsInShare()))
                .map(why -> why + " Set "
                        + vm.settingOf("protocol", vm.properties().ownProtocol().isPresent())
                        + " to the protocol that this VM runs.")
                .or(() -> canary.objection(vm.protocol(), kind));
        if (wrong.isPresent()) {
            throw new DialogRefusedException(VmRefusal.PROTOCOL, wrong.get());
        }
    }

    private Optional<String> otherShares(int elements) {
        return vm.protocol().elementsInShare().stream()
                .filter(known -> known != elements)
                .mapToObj(known -> vm.protocol().text() + " writes shares of " + known
                        + " elements, but this VM writes " + elements + ".")
                .findFirst();
    }
}
