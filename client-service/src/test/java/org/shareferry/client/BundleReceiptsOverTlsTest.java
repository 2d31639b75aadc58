// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.client.fixture.ChangedFacts;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Bundle;
import org.shareferry.service.batch.CborSequence;
import org.shareferry.service.problem.ContentDigest;

/// Receipts for bundles, alone and several in one request.
class BundleReceiptsOverTlsTest extends InboxFixture {
    @Test
    void a_bundle_gets_the_same_receipt_for_exactly_its_envelopes_each_time() throws Exception {
        var facts = facts();
        var bundle = blank(facts, facts);

        var receipt = client.received(bundle);
        clock.advance(Duration.ofSeconds(5));
        var again = client.received(bundle);

        var verified = receipt.verify(client.roster().current()).orElseThrow();
        assertThat(verified.delivery()).isEqualTo(facts.id());
        assertThat(verified.envelopesAt(bundle.place()).values())
                .containsExactly(
                        bundle.envelopes().get(0).id(),
                        bundle.envelopes().get(1).id());
        assertThat(again).isEqualTo(receipt);
    }

    @Test
    void each_bundle_of_a_request_has_its_own_outcome_and_one_receipt_covers_those_of_a_delivery() throws Exception {
        var bundles =
                TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5).bundles();
        var lacking = new Bundle(List.of(TestDelivery.blank(members, facts(), TestMembers.P0, key)));
        var junk = Bytes.ascii("junk");

        var reply = bring(
                bundles.get(0).encode(),
                junk,
                lacking.encode(),
                bundles.get(1).encode(),
                bundles.get(0).encode());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(statuses(reply)).containsExactly(200, 422, 422, 200, 200);
        var outcomes = reply.json().path("outcomes");
        assertThat(outcomes.path(1).path("problem").path("type").asString())
                .isEqualTo("/problem-types#envelope-malformed");
        assertThat(outcomes.path(1).path("problem").path("judged").asString())
                .isEqualTo(ContentDigest.of(List.of(junk)).toString());
        assertThat(outcomes.path(2).path("problem").path("judged").asString())
                .isEqualTo(ContentDigest.of(List.of(lacking.encode())).toString());
        assertThat(reply.json().path("receipts")).hasSize(1);
        var receipt = ClientHost.receipt(reply.json().path("receipts").path(0));
        var verified = receipt.verify(client.roster().current()).orElseThrow();
        assertThat(verified.places().keySet())
                .containsExactly(bundles.get(0).place(), bundles.get(1).place());
        assertThat(client.received(bundles.get(1))).isEqualTo(receipt);
    }

    @Test
    void later_places_get_their_own_receipt_and_earlier_ones_keep_theirs() {
        var bundles =
                TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3, 4, 5).bundles();
        var first = client.received(bundles.get(0));

        var reply = bring(bundles.get(0).encode(), bundles.get(1).encode());

        assertThat(statuses(reply)).containsExactly(200, 200);
        var receipts = reply.json().path("receipts");
        assertThat(receipts).hasSize(2);
        assertThat(ClientHost.receipt(receipts.path(0))).isEqualTo(first);
        assertThat(client.received(bundles.get(1))).isEqualTo(ClientHost.receipt(receipts.path(1)));
    }

    @Test
    void the_first_of_two_bundles_for_one_place_in_one_request_is_kept() {
        var facts = facts();
        var one = blank(facts, facts);
        var other = blank(facts, facts);

        var reply = bring(
                one.encode(),
                other.encode(),
                blank(
                                new ChangedFacts(facts).label(8).facts(),
                                new ChangedFacts(facts).label(8).facts())
                        .encode());

        assertThat(statuses(reply)).containsExactly(200, 409, 422);
        assertThat(client.received(one))
                .isEqualTo(ClientHost.receipt(reply.json().path("receipts").path(0)));
    }

    @Test
    void a_truncated_sequence_is_refused_as_a_whole_and_accepted_when_it_is_sent_again() {
        var facts = facts();
        var whole = blank(facts, facts).encode();
        var cut = new ByteArrayOutputStream();
        cut.writeBytes(CborSequence.head(whole.size()).toArray());
        cut.write(whole.toArray(), 0, 100);

        refused(
                client.as("R0").post("/v1/bundles", CborSequence.MEDIA_TYPE, Bytes.of(cut.toByteArray())),
                400,
                "body-damaged");
        assertThat(statuses(bring(whole))).containsExactly(200);
    }

    @Test
    void the_first_envelope_for_a_place_is_kept() {
        var facts = facts();
        var first = blank(facts, facts);
        var receipt = client.received(first);

        refused(client.bring(blank(facts, facts)), 409, "envelope-conflict");
        assertThat(client.received(first)).isEqualTo(receipt);
    }

    /// When a delivery is deleted may depend on its verdict, which the relay must not learn.
    @Test
    void the_response_to_another_envelope_does_not_reveal_whether_the_delivery_was_deleted() {
        var made = TestDelivery.of(members, key, Scheme.ADDITIVE, 1, 2, 3);
        made.bundles().forEach(client::received);
        await().until(() -> client.as("user").delete("/v1/results/" + made.id()).status() == 204);
        var ofP0 = made.bundles().getFirst().envelopes().getFirst();
        var another = TestDelivery.blank(members, ofP0.header().facts(), TestMembers.P1, key);

        refused(client.bring(new Bundle(List.of(ofP0, another))), 409, "envelope-conflict");
    }
}
