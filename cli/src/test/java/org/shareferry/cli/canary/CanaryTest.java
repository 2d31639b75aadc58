// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cli.Run;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;

/// `shareferry canary`, with MP-SPDZ's own VMs where `SHAREFERRY_MPSPDZ` names a checkout that has them.
class CanaryTest {
    @TempDir
    Path folder;

    private Run canary(Path mpspdz, String protocol, Object... more) {
        var arguments = new ArrayList<Object>(List.of(
                "canary",
                "--mpspdz",
                mpspdz,
                "--protocol",
                protocol,
                "--to",
                folder.resolve("a"),
                "--to",
                folder.resolve("b")));
        arguments.addAll(List.of(more));
        return Run.at(Instant.now(), arguments.toArray());
    }

    private Path program(String name, String script) throws Exception {
        var file = Files.writeString(folder.resolve(name), script);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static Path built(String protocol) {
        var checkout = System.getenv("SHAREFERRY_MPSPDZ");
        assumeTrue(checkout != null, "SHAREFERRY_MPSPDZ does not name a checkout of MP-SPDZ");
        var folder = Path.of(checkout);
        assumeTrue(
                Files.isExecutable(folder.resolve(protocol + "-party.x")),
                "the checkout of MP-SPDZ has no built " + protocol + "-party.x");
        return folder;
    }

    @ParameterizedTest
    @CsvSource({"malicious-rep-ring", "ps-rep-ring", "rep4-ring", "malicious-shamir", "spdz2k", "mascot"})
    void vms_that_notice_are_recorded_for_every_service(String protocol) {
        var ran = canary(built(protocol), protocol).succeeded();

        assertThat(ran.out()).contains("noticed the difference");
        for (var to : List.of("a", "b")) {
            assertThat(new CanaryFolder(folder.resolve(to)).read().passes())
                    .singleElement()
                    .satisfies(pass -> {
                        assertThat(pass.protocol()).isEqualTo(protocol);
                        assertThat(new CanaryFolder(folder.resolve(to))
                                        .objection(Protocol.named(protocol).orElseThrow(), pass.kind()))
                                .isEmpty();
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({"replicated-ring", "semi2k", "shamir", "semi"})
    void passive_vms_are_reported_and_not_recorded(String protocol) {
        canary(built(protocol), protocol).failedWith("is passive");

        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void a_passive_program_under_the_name_of_an_active_protocol_is_detected() throws Exception {
        var checkout = built("replicated-ring");
        var disguised = Files.createDirectory(folder.resolve("mpspdz"));
        Files.createSymbolicLink(
                disguised.resolve("malicious-rep-ring-party.x"), checkout.resolve("replicated-ring-party.x"));
        Files.createSymbolicLink(disguised.resolve("compile.py"), checkout.resolve("compile.py"));

        canary(disguised, "malicious-rep-ring").failedWith("is passive");

        assertThat(folder.resolve("a")).doesNotExist();
    }

    @Test
    void wrong_options_are_refused_before_anything_starts() throws Exception {
        canary(folder, "yao").failedWith("is not a protocol of MP-SPDZ");
        canary(folder, "ps-rep-ring").failedWith("build it with make ps-rep-ring-party.x");
        program("ps-rep-ring-party.x", "");
        canary(folder, "ps-rep-ring").failedWith("name MP-SPDZ's own folder");
        program("compile.py", "");
        canary(folder, "ps-rep-ring", "--parties", 4).failedWith("does not compute with 4 parties");
        canary(folder, "ps-rep-ring", "--", "-e", "-pn", "5000").failedWith("-pn is set by this command for each VM");
    }

    @Test
    void a_failed_compilation_is_reported_with_its_last_line() throws Exception {
        program("ps-rep-ring-party.x", "");
        program("compile.py", "#!/bin/sh\necho no such ring\nexit 1\n");

        canary(folder, "ps-rep-ring").failedWith("compile.py: no such ring");
    }

    /// MP-SPDZ's compiler refuses a name that it finds in two folders, as it does after `shareferry module`.
    @Test
    void the_program_is_compiled_by_its_path() throws Exception {
        program("ps-rep-ring-party.x", "");
        program(
                "compile.py",
                "#!/bin/sh\nfor word; do case $word in /*) test -f $word && echo file $word; esac; done\nexit 1\n");

        canary(folder, "ps-rep-ring").failedWith("Programs/Source/shareferry_canary.mpc");
    }

    @Test
    void programs_get_the_pass_as_json() {
        var kind = new VmKind(new Domain.Ring(64, 64), 3, 1, 2);
        var pass = new CanaryPass(
                "malicious-rep-ring", kind, Path.of("/m/x"), Sha256.of(Bytes.empty()), List.of("-e"), Instant.EPOCH);

        assertThat(CanaryCommand.json(pass, List.of(Path.of("c/record"))))
                .isEqualTo("{\"passed\":true,\"protocol\":\"malicious-rep-ring\",\"parties\":3,\"threshold\":1,"
                        + "\"domain\":\"ring 64/64\",\"binary\":\"/m/x\",\"records\":[\"c/record\"]}");
    }
}
