// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.Role;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;
import org.shareferry.standin.CapturedProgram;

/// Stand-ins replay a captured run and compute nothing, so no canary can be run with them. Under an honest-majority
/// protocol the folders of the demo's services record that their VMs passed one, as those of the captured run would
/// have to.
final class DemoCanary {
    private static final Path STAND_IN = Path.of("stand-in-for-a-captured-run");

    private DemoCanary() {}

    /// @param program of one party
    static void record(Deployment deployment, Protocol ran, CapturedProgram program, Clock clock)
            throws CommandException {
        if (!ran.isSecureWithHonestMajority()) {
            return;
        }
        var kind = new VmKind(
                program.domain(),
                program.parties(),
                program.threshold(),
                ran.elementsInShare().orElseThrow());
        var pass = new CanaryPass(ran.text(), kind, STAND_IN, Sha256.of(Bytes.empty()), List.of(), clock.instant());
        for (var party : deployment.ofRole(Role.PARTY)) {
            try {
                new CanaryFolder(deployment.folderOf(party).resolve("canary")).write(pass);
            } catch (IOException e) {
                throw new CommandException(deployment.folderOf(party) + " cannot be written; check its owner.", e);
            }
        }
    }
}
