// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cli.Run;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class SplitAndReconstructTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PRIME = "170141183460469231731687303715885907969";

    @TempDir
    Path folder;

    private Run split(Object... options) {
        var arguments = new ArrayList<Object>(List.of("split", "--out", folder));
        arguments.addAll(List.of(options));
        return Run.of(arguments.toArray());
    }

    private Run reconstruct(String... parties) {
        var arguments = new ArrayList<Object>(List.of("reconstruct"));
        for (var party : parties) {
            arguments.add(file(party));
        }
        return Run.of(arguments.toArray());
    }

    private Path file(String party) {
        return folder.resolve(party + ".handover.json");
    }

    @ParameterizedTest
    @CsvSource({
        "additive, 128/64, 2",
        "triple, 128/64, 3",
        "quintuple, 112/64, 2",
        "batched, 128/64, 2",
        "batched, 136/72, 5",
        "additive, 64/64, 2",
        "batched, 120/72, 2"
    })
    void split_values_are_reconstructed(String scheme, String ring, int parties) {
        split(
                        "--values",
                        "1,2,-3,9223372036854775807,-9223372036854775808",
                        "--scheme",
                        scheme,
                        "--ring",
                        ring,
                        "--parties",
                        parties,
                        "--chunk",
                        2)
                .succeeded();

        var names = new String[parties];
        for (int i = 0; i < parties; i++) {
            names[i] = "P" + i;
        }
        var run = reconstruct(names);

        assertThat(run.code()).isZero();
        assertThat(run.out().lines()).containsExactly("1", "2", "-3", "9223372036854775807", "-9223372036854775808");
    }

    @ParameterizedTest
    @ValueSource(strings = {"additive", "triple", "quintuple", "batched"})
    void split_values_are_reconstructed_in_a_prime_field(String scheme) {
        split("--values", "5,-6,0", "--scheme", scheme, "--prime", PRIME).succeeded();

        assertThat(reconstruct("P0", "P1").out().lines()).containsExactly("5", "-6", "0");
    }

    @Test
    void fractions_are_rounded_to_the_precision_and_reconstructed_exactly() {
        split("--values", "1.5,-0.25,3.141592653589793", "--precision", 16).succeeded();

        assertThat(reconstruct("P0", "P1").out().lines()).containsExactly("1.5", "-0.25", "3.1415863037109375");
    }

    @Test
    void programs_get_reconstructed_values_as_json() {
        split("--values", "1.5,-0.25", "--precision", 16).succeeded();

        var run = Run.of("reconstruct", file("P0"), file("P1"), "-o", "json").succeeded();

        assertThat(run.out())
                .contains("\"precision\":16,\"values\":[\"1.5\",\"-0.25\"]}")
                .startsWith("{\"delivery\":\"");
    }

    @Test
    void the_files_have_the_format_of_the_party_services() throws Exception {
        split("--values", "7,8,9", "--chunk", 2, "--label", 42, "--macs-checked")
                .succeeded();

        var json = JSON.readTree(file("P1").toFile());
        assertThat(json.propertyNames())
                .containsExactly(
                        "id",
                        "recipient",
                        "domain",
                        "scheme",
                        "precision",
                        "label",
                        "count",
                        "valuesPerChunk",
                        "macsChecked",
                        "parties",
                        "pairwiseKeys",
                        "chunks");
        assertThat(json.get("domain").toString()).isEqualTo("{\"type\":\"ring\",\"shareBits\":128,\"clearBits\":64}");
        assertThat(json.get("macsChecked").asBoolean()).isTrue();
        assertThat(json.get("label").asLong()).isEqualTo(42);
        assertThat(json.get("chunks").get(0).get("elements").asString())
                .hasSize(86)
                .doesNotContain("=");
        assertThat(json.get("chunks").get(1).get("tail").asString()).hasSize(64);
        assertThat(json.get("pairwiseKeys").get(0).get("party").asString()).isEqualTo("P0");
    }

    @Test
    void the_keys_that_one_party_created_are_those_that_the_other_received() throws Exception {
        split("--values", "7").succeeded();

        var ofFirst = JSON.readTree(file("P0").toFile()).get("pairwiseKeys").get(0);
        var ofSecond = JSON.readTree(file("P1").toFile()).get("pairwiseKeys").get(0);
        assertThat(ofFirst.get("made")).isEqualTo(ofSecond.get("received"));
        assertThat(ofFirst.get("received")).isEqualTo(ofSecond.get("made"));
    }

    @Test
    void files_of_shares_are_readable_by_the_owner_only_and_never_overwritten() throws Exception {
        split("--values", "7").succeeded();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("P0"))))
                .isEqualTo("rw-------");
        split("--values", "8").failedWith("already exists");
    }

    @ParameterizedTest
    @ValueSource(strings = {"triple", "quintuple", "batched"})
    void a_share_that_was_changed_is_noticed_and_no_value_shown(String scheme) throws Exception {
        split("--values", "7,8,9", "--scheme", scheme).succeeded();
        flipTopBitOfFirstValue();

        var run = reconstruct("P0", "P1").failedWith("The check of " + scheme + " fails");

        assertThat(run.out()).isEmpty();
    }

    private void flipTopBitOfFirstValue() throws Exception {
        var json = (ObjectNode) JSON.readTree(file("P0").toFile());
        var chunk = (ObjectNode) json.get("chunks").get(0);
        var elements = Base64.getUrlDecoder().decode(chunk.get("elements").asString());
        elements[7] ^= (byte) 0x80;
        chunk.put("elements", Base64.getUrlEncoder().withoutPadding().encodeToString(elements));
        Files.writeString(file("P0"), json.toString());
    }

    @Test
    void files_of_two_deliveries_are_refused() throws Exception {
        split("--values", "7").succeeded();
        Files.move(file("P0"), folder.resolve("PX.handover.json"));
        Files.delete(file("P1"));
        split("--values", "8").succeeded();

        reconstruct("PX", "P1").failedWith("another delivery");
    }

    @Test
    void a_missing_or_duplicate_party_is_refused() {
        split("--values", "7", "--parties", 3).succeeded();

        reconstruct("P0", "P1").failedWith("3 parties");
        reconstruct("P0", "P1", "P1").failedWith("named twice");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not json            | is not well-formed near line 1",
                "{                   | ends before it is complete",
                "{\"id\":1,\"id\":2} | has the property \"id\" twice",
                "{\"chunks\":[{\"elements\":\"AA==\"}]} | \"elements\" is not base64url without padding",
                "{}                  | not a hand-over",
                "[1]                 | not a hand-over",
            })
    void a_file_that_is_not_a_hand_over_is_named(String content, String part) throws Exception {
        split("--values", "7").succeeded();
        Files.writeString(file("P1"), content);

        reconstruct("P0", "P1").failedWith(part);
    }

    @Test
    void a_number_out_of_range_is_named() throws Exception {
        split("--values", "7").succeeded();
        var json = Files.readString(file("P1")).replace("\"label\":0", "\"label\":9223372036854775808");
        Files.writeString(file("P1"), json);

        reconstruct("P0", "P1").failedWith("\"label\" is out of range");
    }

    @Test
    void vectors_of_the_wrong_length_are_named() throws Exception {
        split("--values", "7,8", "--scheme", "additive").succeeded();
        var json = (ObjectNode) JSON.readTree(file("P1").toFile());
        ((ObjectNode) json.get("chunks").get(0)).put("elements", "AAAAAAAAAAAAAAAAAAAAAA");
        Files.writeString(file("P1"), json.toString());

        reconstruct("P0", "P1").failedWith("has 16 bytes of elements; 32 were expected");
    }
}
