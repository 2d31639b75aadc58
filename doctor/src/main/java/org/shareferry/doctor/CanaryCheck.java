// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.shareferry.canary.CanaryFolder;
import org.shareferry.canary.CanaryPass;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Protocol;
import org.shareferry.json.PlainText;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;

/// Checks whether canary runs are recorded for a party's protocols with an honest majority.
final class CanaryCheck {
    private static final int BUFFER = 1 << 16;

    private final MemberSite site;
    private final Optional<Roster> roster;
    private final Findings findings = new Findings(Area.PROTOCOL);

    /// @param roster empty if it cannot be read
    CanaryCheck(MemberSite site, Optional<Roster> roster) {
        this.site = site;
        this.roster = roster;
    }

    List<Finding> examine() {
        var needed = site.protocols().stream()
                .distinct()
                .filter(Protocol.secureWithHonestMajority()::contains)
                .toList();
        if (!needed.isEmpty()) {
            var content = new CanaryFolder(site.canary()).read();
            content.unusable()
                    .forEach(file -> findings.add(
                            file.toString(),
                            Fault.CANARY_UNUSABLE,
                            "It is not a record of shareferry canary, or cannot be read.",
                            "rm " + Shell.word(file) + " # and run shareferry canary again"));
            needed.forEach(protocol -> examine(protocol, content.passes()));
        }
        return findings.list();
    }

    private void examine(String protocol, List<CanaryPass> passes) {
        var own = passes.stream()
                .filter(pass -> pass.protocol().equals(protocol))
                .filter(pass -> computing().map(n -> n == pass.kind().parties()).orElse(true))
                .toList();
        if (own.isEmpty()) {
            findings.add(
                    protocol,
                    Fault.NO_CANARY,
                    "There is no record of a passed canary run in " + site.canary() + ". Without it, its VMs cannot"
                            + " be distinguished from those of a passive protocol, and nothing is delivered under"
                            + " this name.",
                    command(protocol, computing()));
        }
        own.forEach(this::examine);
    }

    private void examine(CanaryPass pass) {
        var binary = PlainText.of(pass.binary().toString());
        if (!isReadable(pass.binary()) || digest(pass.binary()).equals(pass.binaryDigest())) {
            findings.fine(pass.protocol(), "passed a canary run at " + pass.tested() + ", " + binary);
        } else {
            findings.add(
                    pass.protocol(),
                    Fault.CANARY_OF_ANOTHER_PROGRAM,
                    binary + " has changed since its canary run at " + pass.tested() + ".",
                    command(pass.protocol(), Optional.of(pass.kind().parties())));
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

    private String command(String protocol, Optional<Integer> parties) {
        return "shareferry canary --mpspdz FOLDER --protocol " + protocol
                + parties.map(n -> " --parties " + n).orElse("") + " --to " + Shell.word(site.canary())
                + " # FOLDER is where MP-SPDZ's compile.py is";
    }

    private static Bytes digest(Path file) {
        var hash = Sha256.begin();
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hash.add(buffer, 0, read);
            }
            return hash.digest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
