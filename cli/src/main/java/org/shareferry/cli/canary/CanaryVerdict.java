// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.Protocol;
import org.shareferry.site.canary.VmKind;

/// What two canary runs show together.
sealed interface CanaryVerdict {
    /// All VMs noticed the difference.
    ///
    /// @param kind of the VMs
    record Passed(VmKind kind) implements CanaryVerdict {}

    /// Some VM went on with a wrong value: the protocol is passive.
    record Passive() implements CanaryVerdict {}

    /// The runs show nothing.
    ///
    /// @param why a sentence
    record Undecided(String why) implements CanaryVerdict {}

    /// @param control the results of all VMs with equal numbers
    /// @param test their results with different numbers
    static CanaryVerdict of(Protocol protocol, List<CanaryRunResult> control, List<CanaryRunResult> test) {
        var kind = control.getFirst().kind();
        if (!control.stream().allMatch(result -> result.kind().equals(kind))
                || !test.stream().allMatch(result -> result.kind().equals(kind))) {
            return new Undecided(
                    "The VMs show different domains, numbers of parties, thresholds or lengths of shares.");
        }
        var contradiction = contradiction(protocol, kind);
        if (contradiction.isPresent()) {
            return new Undecided(contradiction.get());
        }
        // A crash for any other reason would look like a pass.
        if (!control.stream().allMatch(CanaryRunResult::hasWord)) {
            return new Undecided("The control run, in which all VMs compute with the same number, was not completed.");
        }
        return test.stream().anyMatch(CanaryRunResult::hasWord) ? new Passive() : new Passed(kind);
    }

    private static Optional<String> contradiction(Protocol protocol, VmKind kind) {
        return Protocol.contradiction(protocol.text(), kind.domain())
                .or(() -> protocol.contradiction(kind.parties(), kind.threshold()))
                .or(() -> protocol.elementsInShare().stream()
                        .filter(known -> known != kind.elementsInShare())
                        .mapToObj(known -> protocol.text() + " writes shares of " + known + " elements, this VM of "
                                + kind.elementsInShare() + ".")
                        .findFirst());
    }
}
