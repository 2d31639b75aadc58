// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.envelope.SampleHeader.P0;
import static org.shareferry.envelope.SampleHeader.P1;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Agreement.Agreed;
import org.shareferry.envelope.Agreement.Differs;
import org.shareferry.envelope.Agreement.Incomplete;
import org.shareferry.member.MemberName;

/// Headers of one bundle must say the same, and each party must have exactly one.
class AgreementTest {
    private static final MemberName P2 = MemberName.party(2);
    private static final SampleHeader START = SampleHeader.start();
    private static final Header OF_P0 = START.header();

    static Stream<Arguments> changes() {
        return Stream.of(
                change("delivery", h -> h.id(new DeliveryId(new RunId(1, 2), 3))),
                change("delivery", h -> h.id(new DeliveryId(SampleHeader.RUN, 4))),
                change("count", h -> h.shape(new Shape(129, 64))),
                change("valuesPerChunk", h -> h.shape(new Shape(128, 65))),
                change("domain", h -> h.domain(new Domain.Ring(127, 64))),
                change("domain", h -> h.domain(new Domain.Ring(128, 63))),
                change("scheme", h -> h.scheme(Scheme.ADDITIVE)),
                change("precision", h -> h.precision(15)),
                change("label", h -> h.label(-7)),
                change("recipient", h -> h.recipient(MemberName.client(1))),
                change("parties", h -> h.parties(List.of(P0, P1, P2))),
                change("protocol", h -> h.protocol("spdz2")),
                change("macsChecked", h -> h.macsChecked(false)),
                change("rerandomised", h -> h.rerandomised(false)),
                change("threshold", h -> h.threshold(0)),
                change("program", h -> h.program(Bytes.of(new byte[32]))),
                change("place", h -> h.place(new Place(Kind.VALUES, 1))),
                change("place", h -> h.place(new Place(Kind.CLOSING, 0))));
    }

    @Test
    void different_bits_are_named() {
        var input = START.scheme(Scheme.INPUT).bits(64);

        assertThat(Agreement.ofBundle(
                        List.of(input.header(), input.sender(P1).bits(63).header())))
                .isEqualTo(new Differs(Set.of(P0, P1), Set.of("bits")));
    }

    private static Arguments change(String field, UnaryOperator<SampleHeader> change) {
        return Arguments.of(field, change.apply(START.sender(P1)).header());
    }

    @Test
    void equal_headers_of_all_parties_agree() {
        assertThat(Agreement.ofBundle(List.of(OF_P0, START.sender(P1).header())))
                .isEqualTo(new Agreed());
    }

    @Test
    void fields_of_a_single_envelope_may_differ() {
        var later = START.created().plusSeconds(1);

        assertThat(Agreement.ofBundle(
                        List.of(OF_P0, START.sender(P1).created(later).header())))
                .isEqualTo(new Agreed());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_field_that_differs_is_named_with_its_senders(String field, Header changed) {
        assertThat(Agreement.ofBundle(List.of(OF_P0, changed))).isEqualTo(new Differs(Set.of(P0, P1), Set.of(field)));
        assertThat(Agreement.ofBundle(List.of(changed, OF_P0))).isEqualTo(new Differs(Set.of(P0, P1), Set.of(field)));
    }

    @Test
    void several_fields_that_differ_are_all_named() {
        var changed = START.sender(P1)
                .label(8)
                .precision(1)
                .place(new Place(Kind.VALUES, 1))
                .header();

        assertThat(Agreement.ofBundle(List.of(OF_P0, changed)))
                .isEqualTo(new Differs(Set.of(P0, P1), Set.of("label", "precision", "place")));
    }

    @Test
    void a_difference_is_reported_before_a_missing_envelope() {
        var three = START.parties(List.of(P0, P1, P2));

        assertThat(Agreement.ofBundle(
                        List.of(three.header(), three.sender(P1).label(8).header())))
                .isEqualTo(new Differs(Set.of(P0, P1), Set.of("label")));
    }

    @Test
    void a_party_without_an_envelope_is_missing() {
        assertThat(Agreement.ofBundle(List.of(OF_P0))).isEqualTo(new Incomplete(Set.of(P1), Set.of()));
    }

    @Test
    void a_party_with_two_envelopes_is_surplus() {
        assertThat(Agreement.ofBundle(List.of(OF_P0, START.sender(P1).header(), OF_P0)))
                .isEqualTo(new Incomplete(Set.of(), Set.of(P0)));
    }

    @Test
    void an_envelope_does_not_count_for_another_party() {
        assertThat(Agreement.ofBundle(List.of(OF_P0, OF_P0))).isEqualTo(new Incomplete(Set.of(P1), Set.of(P0)));
    }

    @Test
    void headers_without_an_honest_party_differ_from_its_header() {
        var three = START.parties(List.of(P0, P1, P2));

        assertThat(Agreement.ofBundle(List.of(
                        OF_P0, START.sender(P1).header(), three.sender(P2).header())))
                .isEqualTo(new Differs(Set.of(P0, P2), Set.of("parties")));
    }
}
