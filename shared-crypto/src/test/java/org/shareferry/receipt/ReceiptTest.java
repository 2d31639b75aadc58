// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.Sha256;
import org.shareferry.crypto.SigningContext;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.RunId;
import org.shareferry.envelope.EnvelopeId;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// A receipt is believed when the client it names, as the roster pins it, signed just this.
class ReceiptTest {
    private static final IdentityKey CLIENT = IdentityKey.generate();
    private static final IdentityKey OTHER_CLIENT = IdentityKey.generate();
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final MemberName P0 = MemberName.party(0);
    private static final MemberName P1 = MemberName.party(1);
    private static final MemberName C0 = MemberName.client(0);
    private static final MemberName C1 = MemberName.client(1);
    private static final DeliveryId DELIVERY = DeliveryId.parse("53b9abd5dfc3b9ff2723a929934da8c3-3");
    private static final Place PLACE = new Place(Kind.VALUES, 1);
    private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final EnvelopeId ONE = new EnvelopeId(Sha256.of(Bytes.ascii("one")));
    private static final EnvelopeId TWO = new EnvelopeId(Sha256.of(Bytes.ascii("two")));
    private static final Roster ROSTER =
            Roster.of(List.of(member("R0", RELAY), member("C0", CLIENT), member("C1", OTHER_CLIENT)));

    /// Shared with the fuzzer.
    static Receipt sample() {
        return receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO));
    }

    static Stream<Receipt> changes() {
        return Stream.of(
                receipt(new DeliveryId(new RunId(1, 2), 3), PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(new DeliveryId(DELIVERY.run(), 4), PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, new Place(Kind.TAIL, 1), C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, new Place(Kind.VALUES, 2), C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, PLACE, C1, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, PLACE, C0, OTHER_CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED.plusMillis(1), Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED, Map.of(P0, TWO, P1, ONE)),
                receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE)));
    }

    @Test
    void a_receipt_is_encoded_as_written_down() throws Exception {
        var signer = new KeyId(Bytes.of(new byte[32]));
        var encoded = Bytes.fromHex(
                "a9" // map of 9
                        + "0101" // version
                        + "0250" + "ffb9c3dfd5abb953" + "c3a84d9329a92327" // run: two words, little-endian
                        + "0303" // sequence
                        + "0400" // kind: values
                        + "0501" // index
                        + "06" + "624330" // client: C0
                        + "07" + "5820" + "00".repeat(32) // signer
                        + "08" + "1b" + "0000019b7ca98f2e" // received: 1767323045678 ms
                        + "09" + "82" // by sender
                        + "82" + "625030" + "5820" + ONE
                        + "82" + "625031" + "5820" + TWO);

        var receipt = new Receipt(DELIVERY, PLACE, C0, signer, RECEIVED.plusNanos(1), Map.of(P1, TWO, P0, ONE));

        assertThat(receipt.encode()).isEqualTo(encoded);
        assertThat(Receipt.decode(encoded)).isEqualTo(receipt);
    }

    @Test
    void the_client_s_own_receipt_is_believed() throws Exception {
        assertThat(SignedReceipt.sign(sample(), CLIENT).verify(ROSTER)).contains(sample());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_changed_receipt_is_not_believed(Receipt changed) throws Exception {
        var signature = SignedReceipt.sign(sample(), CLIENT).signature();

        assertThat(changed).isNotEqualTo(sample());
        assertThat(new SignedReceipt(changed.encode(), signature).verify(ROSTER))
                .isEmpty();
    }

    @Test
    void a_receipt_that_the_relay_signed_is_not_believed() throws Exception {
        var own = receipt(DELIVERY, PLACE, C0, RELAY, RECEIVED, Map.of(P0, ONE));
        var bytes = sample().encode();

        assertThat(SignedReceipt.sign(own, RELAY).verify(ROSTER)).isEmpty();
        assertThat(new SignedReceipt(bytes, RELAY.sign(SigningContext.RECEIPT, List.of(bytes))).verify(ROSTER))
                .isEmpty();
    }

    @Test
    void a_receipt_of_another_client_names_that_client() throws Exception {
        var other = receipt(DELIVERY, PLACE, C1, OTHER_CLIENT, RECEIVED, Map.of(P0, ONE));

        assertThat(SignedReceipt.sign(other, OTHER_CLIENT).verify(ROSTER))
                .hasValueSatisfying(receipt -> assertThat(receipt.client()).isEqualTo(C1));
    }

    @Test
    void a_receipt_of_a_client_outside_of_the_roster_is_not_believed() throws Exception {
        var roster = Roster.of(List.of(member("C1", OTHER_CLIENT)));

        assertThat(SignedReceipt.sign(sample(), CLIENT).verify(roster)).isEmpty();
    }

    @Test
    void a_signature_made_for_another_purpose_is_not_believed() throws Exception {
        var bytes = sample().encode();
        var signature = CLIENT.sign(SigningContext.KEY_ANNOUNCEMENT, List.of(bytes));

        assertThat(new SignedReceipt(bytes, signature).verify(ROSTER)).isEmpty();
    }

    @Test
    void a_receipt_is_signed_only_by_whom_it_names() {
        assertThatThrownBy(() -> SignedReceipt.sign(sample(), OTHER_CLIENT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_malformed_receipt_is_refused() {
        var signed = new SignedReceipt(Bytes.fromHex("80"), Bytes.of(new byte[64]));

        assertThatThrownBy(() -> signed.verify(ROSTER)).isInstanceOf(MalformedException.class);
    }

    @Test
    void parties_and_relays_give_no_receipts() {
        for (var name : List.of("P0", "R0")) {
            assertThatThrownBy(
                            () -> receipt(DELIVERY, PLACE, MemberName.parse(name), CLIENT, RECEIVED, Map.of(P0, ONE)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_receipt_names_at_least_one_envelope() {
        assertThatThrownBy(() -> receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED, Map.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another version,         a90101, a90102",
        "senders not ascending,   82625030, 82625032",
        "a sender twice,          82625030, 82625031",
        "a sender that is none,   82625030, 82625830",
        "an unknown kind,         0400, 0404",
        "a field left out,        0501, ''"
    })
    void another_encoding_is_refused(String what, String original, String replacement) {
        var encoded = sample().encode().toHex();
        assertThat(encoded).as(what).contains(original);
        int at = encoded.indexOf(original);
        var changed = encoded.substring(0, at) + replacement + encoded.substring(at + original.length());

        assertThatThrownBy(() -> Receipt.decode(Bytes.fromHex(changed))).isInstanceOf(MalformedException.class);
    }

    private static Receipt receipt(
            DeliveryId delivery,
            Place place,
            MemberName client,
            IdentityKey signer,
            Instant received,
            Map<MemberName, EnvelopeId> envelopes) {
        return new Receipt(delivery, place, client, signer.publicKey().id(), received, envelopes);
    }

    private static Member member(String name, IdentityKey key) {
        return new Member(MemberName.parse(name), Optional.empty(), List.of(key.publicKey()));
    }
}
