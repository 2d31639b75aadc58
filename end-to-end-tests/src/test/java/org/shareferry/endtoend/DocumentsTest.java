// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.HeldPorts;
import org.shareferry.standin.PlayerData;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;

/// Documents are followed from the first command to the last, by the launcher, in a home of their own. Only MP-SPDZ is
/// replaced: its folder has a compiler that does nothing, and VMs that wait while stand-ins deliver what the documents'
/// programs compute.
@Tag("slow")
class DocumentsTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTIES = 2;
    private static final String READY = "Running until Ctrl-C";

    @TempDir
    Path home;

    private HeldPorts vmPorts;
    private Terminal terminal;
    private final List<Terminal.Open> open = new ArrayList<>();

    @BeforeEach
    void make_a_home() throws IOException {
        Site.prepare();
        vmPorts = HeldPorts.inARow(PARTIES);
        var mpspdz =
                Files.createDirectories(home.resolve("MP-SPDZ/Programs/Source")).resolve("../..");
        script(mpspdz.resolve("compile.py"), "exit 0");
        script(mpspdz.resolve("spdz2k-party.x"), "until [ -e \"$(dirname \"$0\")/ended\" ]; do sleep 0.1; done");
        // Here the launcher is in the home. To the documents the home is also the folder in which the reader works.
        Files.createSymbolicLink(home.resolve("shareferry-work"), home);
        terminal = new Terminal(home);
    }

    private static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void leave() throws Exception {
        for (var running : open) {
            running.interrupt();
        }
        terminal.close();
        vmPorts.close();
    }

    /// The ports of the documents' programs may be taken here.
    private String here(String commands) {
        return commands.replace("14000", Integer.toString(vmPorts.first()));
    }

    private void follow(Walkthrough.Step step) throws IOException {
        if (step.isOpen()) {
            var running = terminal.open(here(step.commands()));
            open.add(running);
            step.check(String.join("\n", running.await(READY)) + "\n");
        } else {
            step.check(terminal.run(here(step.commands())));
        }
    }

    /// @param value what the program computes
    private void followWithVms(Walkthrough.Step step, long label, long value) throws Exception {
        var certificates = new PlayerData(home.resolve("MP-SPDZ/Player-Data"));
        var network = new VmNetwork(PARTIES, PATIENCE);
        var vms = new ArrayList<StandInVm>();
        try {
            var run = Computations.freshRun();
            for (int party = 0; party < PARTIES; party++) {
                var program = new OneValue(run, party, PARTIES, label, value);
                vms.add(new StandInVm(
                        program,
                        network,
                        FaultInjection.NO_FAULTS,
                        Optional.of(certificates),
                        vmPorts.first() + party));
            }
            for (var vm : vms) {
                assertThat(vm.await(PATIENCE)).isEqualTo(new DialogEnd.Acknowledged(1));
            }
            Files.createFile(home.resolve("MP-SPDZ/ended"));
            follow(step);
            Files.delete(home.resolve("MP-SPDZ/ended"));
        } finally {
            vms.forEach(StandInVm::close);
        }
    }

    @Test
    void the_tutorial_delivers_a_value_of_the_readers_program() throws Exception {
        var tutorial = Walkthrough.of("docs/tutorial.md");
        var last = tutorial.step("--label 0 -o json");

        for (var step : tutorial.steps()) {
            if (step.commands().contains("spdz2k-party.x")) {
                followWithVms(step, 1, 42);
            } else {
                follow(step);
            }
            if (step.equals(last)) {
                whatOtherDocumentsAskOfADemo();
                open.removeLast().interrupt();
            }
        }

        terminal.run(Walkthrough.of("docs/troubleshooting.md")
                .step("shareferry status")
                .commands());
    }

    private void whatOtherDocumentsAskOfADemo() throws IOException {
        var export = open.getLast().await("  export D=").stream()
                .filter(line -> line.startsWith("  export D="))
                .findFirst()
                .orElseThrow();
        terminal.run(export);
        terminal.run("ln -s demo site");

        var answers = terminal.run(Walkthrough.of("README.md")
                .step("$C0/v1/results?limit=1")
                .commands()
                .replace("curl -N ", "timeout 3 curl -N ")
                .replace("$C0/v1/results\n", "$C0/v1/results || test $? = 124\n"));
        assertThat(answers)
                .contains("\"verdict\":\"VERIFIED\"", "\"values\":[\"-1191780918278762000\"]", "event: result");

        terminal.run(Walkthrough.of("docs/command-line.md")
                .step("receipt verify")
                .commands()
                .replaceAll("[0-9a-f]{32}-[0-9]+", "\\$ID"));
        assertThat(terminal.run("curl -sS --cacert $D/C0/tls.crt $C0/v1/results || true\n"
                        + "curl -sS --cert $D/C0/user.crt --key $D/C0/user.key $C0/v1/results || true\n"
                        + "curl -sS --cacert $D/C0/tls.crt --connect-to other.example:443:${C0#https://}"
                        + " https://other.example/ || true\n"))
                .as("what docs/troubleshooting.md quotes")
                .contains("certificate required", "self-signed certificate", "subject name");
        terminal.run("rm site");
    }

    @Test
    void the_steps_of_issue_1755_deliver_the_value_of_its_example() throws Exception {
        for (var step : Walkthrough.of("docs/from-issue-1755.md").steps()) {
            if (step.commands().contains("spdz2k-party.x")) {
                followWithVms(step, step.commands().contains("square") ? 1756 : 1755, 4);
            } else {
                follow(step);
            }
        }
    }

    /// Of docs/deploy.md. The other members only send their invites.
    @Test
    void the_guide_for_a_member_without_containers_starts_a_ready_service() throws Exception {
        var guide = Walkthrough.of("docs/deploy.md");
        terminal.run("shareferry() { ~/shareferry \"$@\"; }");
        try (var ports = HeldPorts.inARow(2)) {
            terminal.run(guide.step("keygen --out P1").commands());
            terminal.run(guide.step("services.json")
                    .commands()
                    .replace("8443", Integer.toString(ports.first()))
                    .replace("9443", Integer.toString(ports.first() + 1)));
            terminal.run("""
                    other() {
                        shareferry keygen --member $1 --out $1 $2 $3
                        shareferry certificates --member $1 --host localhost --out $1
                        shareferry invite --dir $1
                        mv $1/$1.invite .
                    }
                    other P0
                    other R0 --address https://localhost:8450
                    other C0 --address https://localhost:8460
                    """);
            terminal.run(guide.step("join --dir P1").commands());

            var running = terminal.open("./shareferry run --dir .");
            open.add(running);

            assertThat(running.await(READY)).anyMatch(line -> line.contains("P1's party-service is ready"));
        }
    }
}
