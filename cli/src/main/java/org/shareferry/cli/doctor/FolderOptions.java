// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.mpspdz.MpSpdzFolder;
import org.shareferry.diagnostics.mpspdz.VmPortCheck;
import picocli.CommandLine.Option;

/// The doctor's options about MP-SPDZ itself.
final class FolderOptions {
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--mpspdz",
            arity = "1..*",
            paramLabel = "FOLDER",
            description = "Also check these folders of MP-SPDZ (Player-Data); several are also compared.")
    private List<Path> folders = List.of();

    @Option(
            names = "--party",
            paramLabel = "N",
            description =
                    "Check only what the connection to this party's VM needs and whom the VM trusts, instead of all"
                            + " certificates in --mpspdz.")
    private Optional<Integer> party = Optional.empty();

    @Option(
            names = "--client",
            paramLabel = "N",
            description = "Check the connection of client N, which presents its certificate. Without this option the"
                    + " client presents none.")
    private Optional<Integer> client = Optional.empty();

    @Option(
            names = "--vm-port",
            paramLabel = "PORT",
            description = "Show who can reach this TCP port of a VM, without connecting to it.")
    private Optional<Integer> port = Optional.empty();

    @Option(
            names = "--signature",
            paramLabel = "LINE",
            description = "Compare with the line \"Signature (should match the other side)\" of the other site.")
    private Optional<String> signature = Optional.empty();

    boolean isEmpty() {
        return folders.isEmpty() && port.isEmpty();
    }

    List<Diagnosis> examine(Clock clock) throws CommandException {
        check();
        var all = new ArrayList<Diagnosis>();
        for (var folder : folders) {
            all.add(new Diagnosis(
                    "MP-SPDZ in " + folder,
                    numbered() ? connection(folder, clock) : MpSpdzFolder.examine(folder, clock)));
        }
        if (folders.size() > 1) {
            all.add(new Diagnosis("MP-SPDZ in all folders", MpSpdzFolder.compare(folders)));
        }
        if (signature.isPresent()) {
            all.add(new Diagnosis(
                    "MP-SPDZ here and at the other side",
                    MpSpdzFolder.compare(folders.getFirst(), clientNumber(), party.orElse(0), signature.get())));
        }
        port.ifPresent(number -> all.add(new Diagnosis("VM on this machine", VmPortCheck.examine(number))));
        return all;
    }

    private boolean numbered() {
        return party.isPresent() || client.isPresent();
    }

    private int clientNumber() {
        return client.or(() -> party).orElse(0);
    }

    private List<Finding> connection(Path folder, Clock clock) {
        return MpSpdzFolder.examine(folder, client, party.orElse(0), clock);
    }

    private void check() throws CommandException {
        if (folders.isEmpty() && (numbered() || signature.isPresent())) {
            throw new CommandException("--party, --client and --signature belong to --mpspdz; name a folder.");
        }
        if (party.orElse(0) < 0 || clientNumber() < 0 || port.orElse(1) < 1 || port.orElse(1) > LAST_PORT) {
            throw new CommandException("--party and --client are 0 or more, and --vm-port is 1 to " + LAST_PORT + ".");
        }
    }
}
