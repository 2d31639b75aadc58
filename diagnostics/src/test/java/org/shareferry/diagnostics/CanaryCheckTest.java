// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.diagnostics.TestSite.P0;
import static org.shareferry.diagnostics.TestSite.only;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Domain;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.diagnostics.mpspdz.CanaryCheck;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;

/// Canary runs of the protocols under whose names a party delivers.
class CanaryCheckTest {
    private static final String PROTOCOL = "malicious-shamir";

    @TempDir
    Path folder;

    private TestSite site;
    private Path binary;

    @BeforeEach
    void makeSite() throws Exception {
        site = new TestSite(folder, P0, 9);
        binary = Files.writeString(folder.resolve("malicious-shamir-party.x"), "program");
    }

    private List<Finding> examine(String... protocols) {
        return new CanaryCheck(site.site(List.of(), List.of(protocols)), Optional.empty()).examine();
    }

    /// The site's parties are P0 and P1.
    private Path record(int parties) throws Exception {
        var pass = new CanaryPass(
                PROTOCOL,
                new VmKind(new Domain.Ring(64, 64), parties, 1, 1),
                binary,
                Sha256.of(Bytes.ascii("program")),
                List.of(),
                Instant.EPOCH);
        return new CanaryFolder(site.file("canary")).write(pass);
    }

    @Test
    void other_protocols_need_no_canary() {
        assertThat(examine("spdz2k", "semi2k", "replicated-ring")).isEmpty();
    }

    @Test
    void an_honest_majority_protocol_without_a_record_is_a_fault() {
        var finding = only(examine("spdz2k", PROTOCOL, PROTOCOL), Fault.NO_CANARY);

        assertThat(finding.fix())
                .hasValueSatisfying(fix -> assertThat(fix)
                        .startsWith("shareferry canary --mpspdz FOLDER --protocol malicious-shamir --parties 2 --to "
                                + site.file("canary")));
    }

    @Test
    void a_record_of_the_same_program_is_fine() throws Exception {
        record(2);

        assertThat(examine(PROTOCOL))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Severity.OK));
    }

    @Test
    void a_record_for_other_numbers_of_parties_does_not_count() throws Exception {
        record(3);

        only(examine(PROTOCOL), Fault.NO_CANARY);
    }

    @Test
    void a_rebuilt_program_is_a_warning() throws Exception {
        record(2);
        Files.writeString(binary, "another program");

        only(examine(PROTOCOL), Fault.CANARY_OF_ANOTHER_PROGRAM);
    }

    @Test
    void a_program_on_another_machine_is_no_fault() throws Exception {
        record(2);
        Files.delete(binary);

        assertThat(examine(PROTOCOL)).noneMatch(finding -> finding.fault().isPresent());
    }

    @Test
    void a_path_without_a_program_here_is_no_fault_and_prints_no_control_characters() throws Exception {
        binary = Files.createDirectory(folder.resolve("x\u001b[2J\u009b"));
        record(2);

        assertThat(examine(PROTOCOL)).singleElement().satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Severity.OK);
            assertThat(finding.cause()).doesNotContain("\u001b", "\u009b");
        });
    }

    @Test
    void an_unreadable_record_is_reported() throws Exception {
        Files.writeString(record(2), "nonsense");

        only(examine(PROTOCOL).subList(0, 1), Fault.CANARY_UNUSABLE);
        only(examine(PROTOCOL).subList(1, 2), Fault.NO_CANARY);
    }

    @Test
    void the_checkup_includes_this_check() {
        var checkup = new Checkup(site.site(List.of(), List.of(PROTOCOL)), java.time.Clock.systemUTC());

        only(checkup.files(), Fault.NO_CANARY);
        assertThat(checkup.fatal()).isEmpty();
    }
}
