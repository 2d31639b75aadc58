// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shareferry.delivery.Protocol;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.json.PlainText;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;

/// Checks whether canary runs are recorded for a party's protocols with an honest majority.
public final class CanaryCheck {

    private final MemberSite site;
    private final Optional<Roster> roster;
    private final Findings findings = new Findings(Area.PROTOCOL);

    /// @param roster empty if it cannot be read
    public CanaryCheck(MemberSite site, Optional<Roster> roster) {
        this.site = site;
        this.roster = roster;
    }

    public List<Finding> examine() {
        var needed = site.protocols().stream()
                .distinct()
                .filter(Protocol.secureWithHonestMajority()::contains)
                .toList();
        if (!needed.isEmpty()) {
            site.canary().ifPresent(folder -> examine(folder, needed));
        }
        return findings.list();
    }

    private void examine(Path folder, List<String> protocols) {
        var content = new CanaryFolder(folder).read();
        content.unusable()
                .forEach(file -> findings.add(
                        file.toString(),
                        Fault.CANARY_UNUSABLE,
                        "It is not a record of shareferry canary, or cannot be read.",
                        "rm " + Shell.word(file) + " # and run shareferry canary again"));
        protocols.forEach(protocol -> examine(folder, protocol, content.passes()));
    }

    private void examine(Path folder, String protocol, List<CanaryPass> passes) {
        var own = passes.stream()
                .filter(pass -> pass.protocol().equals(protocol))
                .filter(pass -> computing().map(n -> n == pass.kind().parties()).orElse(true))
                .toList();
        if (own.isEmpty()) {
            findings.add(
                    protocol,
                    Fault.NO_CANARY,
                    "There is no record of a passed canary run in " + folder + ". Without it, its VMs cannot"
                            + " be distinguished from those of a passive protocol, and nothing is delivered under"
                            + " this name.",
                    command(folder, protocol, computing()));
        }
        own.forEach(pass -> examine(folder, pass));
    }

    private void examine(Path folder, CanaryPass pass) {
        var binary = PlainText.of(pass.binary().toString());
        if (!isReadable(pass.binary()) || CanaryPass.digest(pass.binary()).equals(pass.binaryDigest())) {
            findings.fine(pass.protocol(), "passed a canary run at " + pass.tested() + ", " + binary);
        } else {
            findings.add(
                    pass.protocol(),
                    Fault.CANARY_OF_ANOTHER_PROGRAM,
                    binary + " has changed since its canary run at " + pass.tested() + ".",
                    command(folder, pass.protocol(), Optional.of(pass.kind().parties())));
        }
    }

    /// The record may be from another machine, so the path may be anything here.
    private static boolean isReadable(Path binary) {
        return Files.isRegularFile(binary) && Files.isReadable(binary);
    }

    private Optional<Integer> computing() {
        return site.parties().isEmpty()
                ? roster.map(all -> all.ofRole(Role.PARTY).size())
                : Optional.of(site.parties().size());
    }

    private static String command(Path folder, String protocol, Optional<Integer> parties) {
        return "shareferry canary --mpspdz FOLDER --protocol " + protocol
                + parties.map(n -> " --parties " + n).orElse("") + " --to " + Shell.word(folder)
                + " # FOLDER is where MP-SPDZ's compile.py is";
    }
}
