// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.member.MemberName;

/// Which fields of a statement identify its request, and which must match the request.
class InputRequestTest {
    private static final Bytes CLOSING = Sha256.of(Bytes.ascii("closing words"));
    private static final Bytes MASKED = Sha256.of(Bytes.ascii("m"));

    /// A statement that repeats all facts of the request.
    private record Sample(
            DeliveryId id,
            MemberName client,
            int parties,
            Domain domain,
            Shape shape,
            int precision,
            long label,
            int bits) {
        static Sample usual() {
            return new Sample(
                    new DeliveryId(new RunId(1, 2), 3),
                    MemberName.client(0),
                    2,
                    new Domain.Ring(128, 64),
                    new Shape(10, 4),
                    16,
                    7,
                    31);
        }

        DeliveryFacts facts() {
            return new DeliveryFacts(
                    id,
                    shape,
                    domain,
                    Scheme.INPUT,
                    precision,
                    label,
                    client,
                    Stream.iterate(0, party -> party + 1)
                            .limit(parties)
                            .map(MemberName::party)
                            .toList(),
                    "spdz2k",
                    true,
                    true,
                    parties - 1,
                    bits,
                    Bytes.empty());
        }

        InputStatement statement(Bytes closing, Answer answer, Bytes masked, Instant created) {
            return new InputStatement(
                    id,
                    client,
                    facts().partySet(),
                    domain,
                    shape,
                    precision,
                    label,
                    bits,
                    closing,
                    answer,
                    masked,
                    IdentityKey.generate().publicKey().id(),
                    created);
        }

        InputStatement given() {
            return statement(CLOSING, Answer.GIVEN, MASKED, Instant.EPOCH);
        }

        InputStatement refused() {
            return statement(InputStatement.NOTHING, Answer.REFUSED, InputStatement.NOTHING, Instant.EPOCH);
        }
    }

    private static final Sample ASKED = Sample.usual();

    private static InputRequest asked() {
        return new InputRequest(ASKED.facts(), CLOSING);
    }

    static Stream<Sample> ofOtherRequests() {
        var a = ASKED;
        var another = new DeliveryId(new RunId(1, 3), 3);
        var next = new DeliveryId(a.id.run(), 4);
        var client = MemberName.client(1);
        return Stream.of(
                new Sample(another, a.client, a.parties, a.domain, a.shape, a.precision, a.label, a.bits),
                new Sample(next, a.client, a.parties, a.domain, a.shape, a.precision, a.label, a.bits),
                new Sample(a.id, client, a.parties, a.domain, a.shape, a.precision, a.label, a.bits),
                new Sample(a.id, a.client, 3, a.domain, a.shape, a.precision, a.label, a.bits));
    }

    @ParameterizedTest
    @MethodSource("ofOtherRequests")
    void a_request_is_identified_by_run_number_client_and_parties(Sample other) {
        assertThat(other.given().isFor(ASKED.facts())).isFalse();
        assertThat(other.refused().isFor(ASKED.facts())).isFalse();
    }

    static Stream<Arguments> lies() {
        var a = ASKED;
        var ring = new Domain.Ring(104, 64);
        return Stream.of(
                Arguments.of(
                        "domain", new Sample(a.id, a.client, a.parties, ring, a.shape, a.precision, a.label, a.bits)),
                Arguments.of(
                        "count",
                        new Sample(a.id, a.client, a.parties, a.domain, new Shape(9, 4), a.precision, a.label, a.bits)),
                Arguments.of(
                        "values per chunk",
                        new Sample(
                                a.id, a.client, a.parties, a.domain, new Shape(10, 5), a.precision, a.label, a.bits)),
                Arguments.of(
                        "precision", new Sample(a.id, a.client, a.parties, a.domain, a.shape, 15, a.label, a.bits)),
                Arguments.of(
                        "label", new Sample(a.id, a.client, a.parties, a.domain, a.shape, a.precision, -7, a.bits)),
                Arguments.of(
                        "bits", new Sample(a.id, a.client, a.parties, a.domain, a.shape, a.precision, a.label, 32)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lies")
    void each_field_that_differs_from_the_request_is_named(String field, Sample said) {
        assertThat(said.given().isFor(ASKED.facts())).isTrue();
        assertThat(asked().differences(said.given())).containsExactly(field);
        assertThat(asked().differences(said.refused())).containsExactly(field);
    }

    @Test
    void closing_words_are_compared_only_if_inputs_are_given() {
        var others = ASKED.statement(Sha256.of(Bytes.ascii("others")), Answer.GIVEN, MASKED, Instant.EPOCH);

        assertThat(asked().differences(others)).containsExactly("closing words");
        assertThat(asked().differences(ASKED.refused())).isEmpty();
    }

    @Test
    void the_clients_key_and_time_are_not_compared() {
        var later = ASKED.statement(CLOSING, Answer.GIVEN, MASKED, Instant.parse("2030-01-01T00:00:00Z"));

        assertThat(asked().differences(later)).isEqualTo(List.of());
    }
}
