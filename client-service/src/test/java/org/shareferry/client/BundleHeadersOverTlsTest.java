// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.client.fixture.ChangedFacts;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;

/// Bundles whose headers differ from each other, from earlier bundles, or from the client's settings.
class BundleHeadersOverTlsTest extends InboxFixture {
    static Stream<Arguments> differentFacts() {
        var f = TestDelivery.facts(Scheme.BATCHED, 4);
        return Stream.of(
                Arguments.of(
                        "delivery",
                        f,
                        new ChangedFacts(f).id(new DeliveryId(f.id().run(), 1)).facts()),
                Arguments.of(
                        "delivery",
                        f,
                        new ChangedFacts(f)
                                .id(new DeliveryId(new RunId(1, 1), 0))
                                .facts()),
                Arguments.of(
                        "count", f, new ChangedFacts(f).shape(new Shape(3, 4)).facts()),
                Arguments.of(
                        "valuesPerChunk",
                        f,
                        new ChangedFacts(f).shape(new Shape(4, 5)).facts()),
                Arguments.of(
                        "domain",
                        f,
                        new ChangedFacts(f).domain(new Domain.Ring(112, 64)).facts()),
                Arguments.of(
                        "scheme", f, new ChangedFacts(f).scheme(Scheme.ADDITIVE).facts()),
                Arguments.of("precision", f, new ChangedFacts(f).precision(16).facts()),
                Arguments.of("label", f, new ChangedFacts(f).label(8).facts()),
                Arguments.of(
                        "recipient",
                        f,
                        new ChangedFacts(f).recipient(MemberName.client(1)).facts()),
                Arguments.of(
                        "parties",
                        f,
                        new ChangedFacts(f)
                                .parties(TestMembers.P0, TestMembers.P1, TestMembers.P2)
                                .facts()),
                Arguments.of(
                        "protocol",
                        f,
                        new ChangedFacts(f).protocol("unheard-of").facts()),
                Arguments.of(
                        "macsChecked", f, new ChangedFacts(f).macsChecked(false).facts()),
                Arguments.of(
                        "rerandomised",
                        f,
                        new ChangedFacts(f).rerandomised(false).facts()),
                Arguments.of(
                        "threshold",
                        f,
                        new ChangedFacts(f).with(0, 0, Bytes.empty()).facts()),
                Arguments.of(
                        "program",
                        f,
                        new ChangedFacts(f).with(1, 0, Bytes.of(new byte[32])).facts()),
                Arguments.of(
                        "bits",
                        new ChangedFacts(f).scheme(Scheme.INPUT, 64).facts(),
                        new ChangedFacts(f).scheme(Scheme.INPUT, 65).facts()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("differentFacts")
    void envelopes_that_differ_in_one_header_field_are_refused_and_both_members_named(
            String field, DeliveryFacts ofP0, DeliveryFacts ofP1) {
        var reply = client.bring(blank(ofP0, ofP1));

        refused(reply, 422, "facts-differ");
        assertThat(reply.json().path("detail").asString()).isEqualTo("The headers differ in " + field + ".");
        assertThat(reply.json().path("members").toString()).isEqualTo("[\"P0\",\"P1\"]");
    }

    @Test
    void a_later_bundle_that_differs_from_the_first_is_refused() {
        var made = TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5);
        client.received(made.bundles().getFirst());
        var other = new ChangedFacts(made.facts()).label(99).facts();

        refused(client.bring(blank(other, other)), 422, "facts-differ");
    }

    @Test
    void a_smaller_set_of_parties_is_refused_even_if_all_of_them_agree() {
        var forged = new ChangedFacts(facts())
                .parties(TestMembers.P1, TestMembers.P2)
                .facts();
        var bundle = new Bundle(List.of(
                TestDelivery.blank(members, forged, TestMembers.P1, key),
                TestDelivery.blank(members, forged, TestMembers.P2, key)));

        refused(client.bring(bundle), 422, "parties-differ");
    }

    @Test
    void a_bundle_of_another_set_of_parties_does_not_block_the_right_one() {
        var made = TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3);
        var forged = new ChangedFacts(made.facts())
                .label(99)
                .parties(TestMembers.P1, TestMembers.P2)
                .facts();
        refused(
                client.bring(new Bundle(List.of(
                        TestDelivery.blank(members, forged, TestMembers.P1, key),
                        TestDelivery.blank(members, forged, TestMembers.P2, key)))),
                422,
                "parties-differ");

        made.bundles().forEach(client::received);
    }

    @Test
    void a_missing_envelope_is_refused_and_its_sender_named() {
        var facts = facts();
        var reply = client.bring(new Bundle(List.of(TestDelivery.blank(members, facts, TestMembers.P0, key))));

        refused(reply, 422, "bundle-incomplete");
        assertThat(reply.json().path("members").toString()).isEqualTo("[\"P1\"]");
    }

    @Test
    void a_surplus_envelope_is_refused() {
        var facts = facts();
        var p0 = TestDelivery.blank(members, facts, TestMembers.P0, key);
        var p1 = TestDelivery.blank(members, facts, TestMembers.P1, key);

        refused(client.bring(new Bundle(List.of(p0, p1, p1))), 422, "bundle-incomplete");
        refused(client.bring(new Bundle(List.of(p0, p0))), 422, "bundle-incomplete");
    }

    @Test
    void a_bundle_for_another_client_is_refused() {
        var other = new ChangedFacts(facts()).recipient(MemberName.client(1)).facts();
        refused(client.bring(blank(other, other)), 422, "recipient-unknown");
    }

    @Test
    void chunks_of_two_hand_overs_of_a_delivery_do_not_mix() {
        var made = TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5, 6, 7, 8);
        var one = made.bundles();
        var another = made.bundles();
        client.received(one.get(0));

        refused(client.bring(another.get(1)), 409, "hand-overs-mixed");
        client.received(one.get(1));
    }

    @Test
    void envelopes_of_one_bundle_from_two_places_are_refused() {
        var made = TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5, 6, 7, 8);
        var bundles = made.bundles();
        var mixed = new Bundle(List.of(
                bundles.get(0).envelopes().get(0), bundles.get(1).envelopes().get(1)));

        refused(client.bring(mixed), 422, "facts-differ");
    }
}
