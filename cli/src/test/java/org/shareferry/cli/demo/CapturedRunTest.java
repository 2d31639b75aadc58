// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.Run;
import org.shareferry.cli.init.Plan;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.standin.CapturedProgram;

class CapturedRunTest {
    private static final String RUN = "e5ab0dd622448cd2803d738fd339b0f9";

    @TempDir
    Path folder;

    private byte[] first;
    private byte[] second;

    @BeforeEach
    void copyShippedCapture() throws Exception {
        first = shipped("P0.dialog");
        second = shipped("P1.dialog");
        write("P0.dialog", first);
        write("P1.dialog", second);
    }

    private static byte[] shipped(String name) throws Exception {
        try (var in = CapturedRunTest.class.getResourceAsStream("shipped/" + name)) {
            assertThat(in).isNotNull();
            return in.readAllBytes();
        }
    }

    private void write(String name, byte[] content) throws Exception {
        Files.write(folder.resolve(name), content);
    }

    @Test
    void the_shipped_capture_has_two_parties_two_inputs_and_their_product() throws Exception {
        var capture = CapturedRun.shipped();

        assertThat(capture.parties()).hasToString("[P0, P1]");
        assertThat(capture.recipients()).containsExactly(MemberName.client(0));
        assertThat(capture.expected())
                .extracting(expected -> expected.id().toString())
                .containsExactly(RUN + "-0", RUN + "-1", RUN + "-2");
        assertThat(capture.inputs()).extracting(input -> input.id().toString()).containsExactly(RUN + "-0", RUN + "-1");
        assertThat(capture.example().id()).hasToString(RUN + "-2");
        assertThat(capture.domain()).hasToString("ring 128/64");
        assertThat(capture.programs(capture.protocolOr(Optional.empty())))
                .flatExtracting(CapturedProgram::outputs)
                .hasSize(6)
                .allMatch(output -> output.scheme().isCommitted());
    }

    @Test
    void the_protocol_comes_from_the_option_the_capture_or_the_default() throws Exception {
        var unnamed = CapturedRun.in(folder);
        write("expected.json", "{\"protocol\": \"semi2k\"}".getBytes(StandardCharsets.UTF_8));
        var named = CapturedRun.in(folder);

        assertThat(unnamed.protocolOr(Optional.empty())).isEqualTo(Protocol.SPDZ2K);
        assertThat(named.protocolOr(Optional.empty())).isEqualTo(Protocol.SEMI2K);
        assertThat(named.protocolOr(Optional.of(Protocol.MASCOT))).isEqualTo(Protocol.MASCOT);
    }

    @Test
    void the_clients_trust_comes_from_the_capture_or_the_default() throws Exception {
        assertThat(CapturedRun.in(folder).trust()).isEqualTo(Plan.Trust.DEFAULT);
        write(
                "expected.json",
                "{\"honestMajorityProtocols\": [\"ps-rep-ring\"], \"minThreshold\": 2}"
                        .getBytes(StandardCharsets.UTF_8));
        assertThat(CapturedRun.in(folder).trust()).isEqualTo(new Plan.Trust(Set.of("ps-rep-ring"), 2));

        write("expected.json", "{\"honestMajorityProtocols\": [\"shamir\"]}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> CapturedRun.in(folder))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("not [shamir]");
    }

    @Test
    void the_threshold_is_the_capture_s_or_else_the_protocol_s() throws Exception {
        write("expected.json", "{\"threshold\": 7}".getBytes(StandardCharsets.UTF_8));
        var capture = CapturedRun.in(folder);

        assertThat(capture.programs(Protocol.SPDZ2K))
                .extracting(CapturedProgram::threshold)
                .containsExactly(7, 7);
        Files.delete(folder.resolve("expected.json"));
        assertThat(CapturedRun.in(folder).programs(Protocol.SPDZ2K))
                .extracting(CapturedProgram::threshold)
                .containsExactly(1, 1);
    }

    @Test
    void a_protocol_that_does_not_fit_the_run_is_refused() throws Exception {
        assertThatThrownBy(() -> CapturedRun.in(folder).programs(Protocol.REP4_RING))
                .hasMessageContaining("rep4-ring does not compute with 2 parties");

        write("expected.json", "{\"protocol\": \"spdz3k\"}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> CapturedRun.in(folder)).hasMessageContaining("names the protocol spdz3k");

        write("expected.json", "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> CapturedRun.in(folder)).hasMessageContaining("expected.json in " + folder);
    }

    @Test
    void a_truncated_capture_is_refused() throws Exception {
        for (int size = 0; size < second.length; size++) {
            write("P1.dialog", Arrays.copyOf(second, size));
            try {
                var capture = CapturedRun.in(folder);
                // It can end between two deliveries; then the parties' numbers of deliveries differ.
                assertThat(capture.dialogs()).as("cut after %d bytes", size).isEmpty();
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("Message \\d+ of P1\\.dialog in .*: .*\\.");
            } catch (CommandException e) {
                assertThat(e.sentence()).contains("are not of one run");
            }
        }
    }

    @Test
    void a_changed_byte_causes_no_unexpected_exception() throws Exception {
        for (int at = 0; at < second.length; at++) {
            var changed = second.clone();
            changed[at] ^= 0x55;
            write("P1.dialog", changed);
            try {
                CapturedRun.in(folder);
            } catch (MalformedException | CommandException e) {
                assertThat(e).hasMessageEndingWith(".");
            }
        }
    }

    @Test
    void the_error_names_file_and_message() throws Exception {
        write("P0.dialog", Arrays.copyOf(first, 3));

        Run.of("demo", "--once", "--input", folder).failedWith("Message 0 of P0.dialog in " + folder);
    }

    @Test
    void a_missing_party_is_noticed() throws Exception {
        Files.delete(folder.resolve("P1.dialog"));

        assertThatThrownBy(() -> CapturedRun.in(folder)).hasMessageContaining("had 2 parties, but 1 of their dialogs");
    }

    @Test
    void a_dialog_under_another_partys_name_is_refused() throws Exception {
        write("P0.dialog", second);
        write("P1.dialog", first);

        assertThatThrownBy(() -> CapturedRun.in(folder))
                .hasMessageContaining("P0.dialog in " + folder + " is the dialog of P1");
    }

    @Test
    void dialogs_of_different_runs_are_refused() throws Exception {
        int runId = runIdAt(second);
        second[runId] ^= 1;
        write("P1.dialog", second);

        assertThatThrownBy(() -> CapturedRun.in(folder)).hasMessageContaining("are not of one run");
    }

    /// The specification is one frame; then come magic, version and the run id.
    private static int runIdAt(byte[] dialog) {
        int specification = dialog[1];
        return 5 + specification + 5 + 16;
    }
}
