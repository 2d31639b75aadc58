// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.shareferry.client.fixture.TestDelivery;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.Bundle;
import org.shareferry.envelope.Envelope;
import org.shareferry.envelope.Header;
import org.shareferry.member.MemberName;
import org.shareferry.seal.EnvelopeSealer;
import org.shareferry.service.fixture.SettableClock;

/// Keys, signatures, ciphertexts and creation times of single envelopes.
class EnvelopeChecksOverTlsTest extends InboxFixture {
    @Test
    void an_envelope_signed_with_another_partys_key_is_refused() {
        var facts = facts();
        var stolen = new Header(
                facts,
                TestDelivery.blank(members, facts, TestMembers.P0, key).header().place(),
                TestMembers.P0,
                members.identity(TestMembers.P1).publicKey().id(),
                key.id(),
                SettableClock.START);
        var envelope = seal(stolen, TestMembers.P0, members.identity(TestMembers.P1));

        refused(
                client.bring(new Bundle(List.of(envelope, TestDelivery.blank(members, facts, TestMembers.P1, key)))),
                422,
                "sender-unknown");
    }

    @Test
    void a_key_that_the_roster_does_not_pin_is_refused() {
        var facts = facts();
        var stranger = IdentityKey.generate();
        var place =
                TestDelivery.blank(members, facts, TestMembers.P0, key).header().place();
        var header =
                new Header(facts, place, TestMembers.P1, stranger.publicKey().id(), key.id(), SettableClock.START);
        var envelope = seal(header, TestMembers.P1, stranger);

        refused(
                client.bring(new Bundle(List.of(TestDelivery.blank(members, facts, TestMembers.P0, key), envelope))),
                422,
                "sender-unknown");
    }

    private Envelope seal(Header header, MemberName sender, IdentityKey signer) {
        try (var body = SecretBytes.random(header.bodySize());
                var handOver = new EnvelopeSealer(sender, signer).begin(header.facts(), key, header.created())) {
            return handOver.seal(header.place(), body);
        } catch (org.shareferry.crypto.CryptoException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_wrong_signature_is_refused() throws Exception {
        var facts = facts();
        var good = TestDelivery.blank(members, facts, TestMembers.P1, key);
        var signature = good.signature().toArray();
        signature[3] ^= 1;
        var bad = Envelope.of(good.headerBytes(), good.enc(), good.ciphertext(), Bytes.of(signature));

        refused(client.bring(pair(facts, bad)), 422, "signature-wrong");
    }

    @Test
    void a_ciphertext_that_was_changed_and_signed_anew_is_refused() throws Exception {
        var facts = facts();
        var good = TestDelivery.blank(members, facts, TestMembers.P1, key);
        var ciphertext = good.ciphertext().toArray();
        ciphertext[0] ^= 1;
        var changed =
                Envelope.sign(good.headerBytes(), good.enc(), Bytes.of(ciphertext), members.identity(TestMembers.P1));

        refused(client.bring(pair(facts, changed)), 422, "ciphertext-wrong");
    }

    @Test
    void an_envelope_sealed_to_a_key_that_is_not_ours_is_refused() {
        var facts = facts();
        try (var other = OpeningKey.generate()) {
            refused(
                    client.bring(pair(facts, TestDelivery.blank(members, facts, TestMembers.P1, other.sealingKey()))),
                    422,
                    "recipient-key-unknown");
        }
    }

    @Test
    void clocks_that_differ_too_much_and_old_envelopes_are_refused() {
        refused(client.bring(created(clock.instant().plus(Duration.ofMinutes(6)))), 422, "clock-skew");
        refused(client.bring(created(clock.instant().minus(Duration.ofDays(8)))), 422, "delivery-expired");
        assertThat(client.bring(created(clock.instant().plus(Duration.ofMinutes(4))))
                        .status())
                .isEqualTo(200);
    }

    private Bundle created(Instant moment) {
        var facts = facts();
        return pair(facts, TestDelivery.blank(members, facts, TestMembers.P1, key, moment));
    }
}
