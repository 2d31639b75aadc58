// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.check.Verdict;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.client.input.InputStore.Waiting;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;

/// What an input must have in common with the request that it answers.
class AnswerPolicyTest {
    private static final Instant ASKED = Instant.parse("2026-06-01T12:00:00Z");
    private static final Bytes PROGRAM = Bytes.fromHex("ab".repeat(32));

    private static OpenRequest request(String protocol, String domain, int threshold, Verdict verdict, Bytes program) {
        return new OpenRequest(
                new DeliveryFacts(
                        new DeliveryId(new RunId(1, 2), 0),
                        new Shape(10, 4),
                        Domain.parse(domain),
                        Scheme.INPUT,
                        16,
                        7,
                        TestMembers.C0,
                        List.of(TestMembers.P0, TestMembers.P1, TestMembers.P2),
                        protocol,
                        false,
                        true,
                        threshold,
                        31,
                        program),
                verdict,
                ASKED,
                ASKED,
                true);
    }

    private static OpenRequest request() {
        return request("spdz2k", "ring 128/64", 2, Verdict.VERIFIED, Bytes.empty());
    }

    private static Waiting input(String protocols, long count, int precision, int bits, Bytes program) {
        var names = new TreeSet<>(Set.of(protocols.split(" ")));
        return new Waiting(
                "id",
                new InputParameters(
                        7, PartySet.parse("P0,P1,P2"), names, ASKED, precision, bits, 1, new TreeSet<>(), program),
                count,
                1,
                ASKED.minusMillis(1));
    }

    @Test
    void an_input_is_used_when_everything_is_equal() {
        assertThat(AnswerPolicy.objection(request(), input("mascot spdz2k", 10, 16, 31, Bytes.empty())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mascot semi2k, 10, 16, 31, protocol",
        "spdz2k, 9, 16, 31, count",
        "spdz2k, 11, 16, 31, count",
        "spdz2k, 10, 15, 31, precision",
        "spdz2k, 10, 16, 30, bits",
        "spdz2k, 10, 16, 32, bits"
    })
    void an_input_that_differs_is_not_used(String protocols, long count, int precision, int bits, String what) {
        assertThat(AnswerPolicy.objection(request(), input(protocols, count, precision, bits, Bytes.empty())))
                .contains(new Unanswered(
                        UnansweredReason.INPUT_DIFFERS, "The waiting input is for a different value of " + what + "."));
    }

    @Test
    void an_input_for_a_program_is_used_by_no_other() {
        var mine = request("spdz2k", "ring 128/64", 2, Verdict.VERIFIED, PROGRAM);
        var named = input("spdz2k", 10, 16, 31, PROGRAM);

        assertThat(AnswerPolicy.objection(mine, named)).isEmpty();
        assertThat(AnswerPolicy.objection(request(), named))
                .hasValueSatisfying(why -> assertThat(why.detail()).contains("program"));
        assertThat(AnswerPolicy.objection(mine, input("spdz2k", 10, 16, 31, Bytes.empty())))
                .as("consent to whatever an honest party runs")
                .isEmpty();
    }

    @Test
    void an_input_is_used_only_for_requests_that_are_younger() {
        var same = new Waiting("id", input("spdz2k", 10, 16, 31, Bytes.empty()).parameters(), 10, 1, ASKED);

        assertThat(AnswerPolicy.objection(request(), same))
                .map(Unanswered::reason)
                .contains(UnansweredReason.ASKED_BEFORE_INPUT);
    }

    /// All parties' clocks may be ahead of the client's, and their last run may have ended without an answer.
    @Test
    void a_request_received_before_the_input_is_older_whatever_the_parties_clocks_say() {
        var before = new OpenRequest(
                request().facts(), Verdict.VERIFIED, ASKED.plusSeconds(200), ASKED.minusMillis(2), true);
        var after = new OpenRequest(
                request().facts(), Verdict.VERIFIED, ASKED.plusSeconds(200), ASKED.minusMillis(1), true);

        assertThat(AnswerPolicy.objection(before, input("spdz2k", 10, 16, 31, Bytes.empty())))
                .map(Unanswered::reason)
                .contains(UnansweredReason.ASKED_BEFORE_INPUT);
        assertThat(AnswerPolicy.objection(after, input("spdz2k", 10, 16, 31, Bytes.empty())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "spdz2k, ring 128/64, 1",
        "unheard, ring 128/64, 2",
        "rep4-ring, ring 64/64, 1",
        "mascot, ring 128/64, 2",
        "spdz2k, ring 128/30, 2"
    })
    void the_clients_own_table_overrides_the_parties_statements(String protocol, String domain, int threshold) {
        var request = request(protocol, domain, threshold, Verdict.VERIFIED, Bytes.empty());

        assertThat(AnswerPolicy.objection(request, Set.of(protocol))).isPresent();
    }

    @Test
    void an_unverified_request_needs_its_protocol_in_accept_unverified() {
        var request = request("semi2k", "ring 64/64", 2, Verdict.UNVERIFIED, Bytes.empty());

        assertThat(AnswerPolicy.objection(request, Set.of())).isPresent();
        assertThat(AnswerPolicy.objection(request, Set.of("semi"))).isPresent();
        assertThat(AnswerPolicy.objection(request, Set.of("semi2k"))).isEmpty();
    }
}
