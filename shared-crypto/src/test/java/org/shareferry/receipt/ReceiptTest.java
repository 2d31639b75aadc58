// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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
    private static final Place NEXT = new Place(Kind.VALUES, 2);
    private static final Instant RECEIVED = Instant.parse("2026-01-02T03:04:05.678Z");
    private static final EnvelopeId ONE = new EnvelopeId(Sha256.of(Bytes.ascii("one")));
    private static final EnvelopeId TWO = new EnvelopeId(Sha256.of(Bytes.ascii("two")));
    private static final Roster ROSTER =
            Roster.of(List.of(member("R0", RELAY), member("C0", CLIENT), member("C1", OTHER_CLIENT)));

    /// Shared with the fuzzer.
    static Receipt sample() {
        return receipt(Map.of(PLACE, Map.of(P0, ONE, P1, TWO), NEXT, Map.of(P0, TWO, P1, ONE)));
    }

    static Stream<Receipt> changes() {
        return Stream.of(
                receipt(DELIVERY, PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(Map.of(PLACE, Map.of(P0, TWO, P1, ONE), NEXT, Map.of(P0, ONE, P1, TWO))),
                receipt(Map.of(PLACE, Map.of(P0, ONE, P1, TWO), new Place(Kind.CLOSING, 0), Map.of(P0, TWO, P1, ONE))),
                receipt(new DeliveryId(new RunId(1, 2), 3), PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(new DeliveryId(DELIVERY.run(), 4), PLACE, C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
                receipt(DELIVERY, new Place(Kind.CLOSING, 0), C0, CLIENT, RECEIVED, Map.of(P0, ONE, P1, TWO)),
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
                "a8" // map of 8
                        + "0102" // version
                        + "0250" + "ffb9c3dfd5abb953" + "c3a84d9329a92327" // run: two words, little-endian
                        + "0303" // sequence
                        + "04" + "624330" // client: C0
                        + "05" + "5820" + "00".repeat(32) // signer
                        + "06" + "1b" + "0000019b7ca98f2e" // received: 1767323045678 ms
                        + "07" + "82" + "625030" + "625031" // senders: P0, P1
                        + "08" + "82" // places
                        + "83" + "00" + "01" + "5840" + ONE + TWO // values 1
                        + "83" + "00" + "02" + "5840" + TWO + ONE); // values 2

        var receipt = new Receipt(
                DELIVERY,
                C0,
                signer,
                RECEIVED.plusNanos(1),
                new TreeMap<>(Map.of(NEXT, Map.of(P0, TWO, P1, ONE), PLACE, Map.of(P1, TWO, P0, ONE))));

        assertThat(receipt.encode()).isEqualTo(encoded);
        assertThat(Receipt.decode(encoded)).isEqualTo(receipt);
    }

    @Test
    void the_clients_receipt_is_accepted() throws Exception {
        assertThat(SignedReceipt.sign(sample(), CLIENT).verify(ROSTER)).contains(sample());
    }

    @ParameterizedTest
    @MethodSource("changes")
    void a_changed_receipt_is_not_accepted(Receipt changed) throws Exception {
        var signature = SignedReceipt.sign(sample(), CLIENT).signature();

        assertThat(changed).isNotEqualTo(sample());
        assertThat(new SignedReceipt(changed.encode(), signature).verify(ROSTER))
                .isEmpty();
    }

    @Test
    void a_receipt_that_the_relay_signed_is_not_accepted() throws Exception {
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
    void a_receipt_of_a_client_outside_of_the_roster_is_not_accepted() throws Exception {
        var roster = Roster.of(List.of(member("C1", OTHER_CLIENT)));

        assertThat(SignedReceipt.sign(sample(), CLIENT).verify(roster)).isEmpty();
    }

    @Test
    void a_signature_for_another_purpose_is_not_accepted() throws Exception {
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
    void a_receipt_names_at_least_one_envelope_at_each_place_of_the_same_senders() {
        var one = Map.of(P0, ONE);
        for (var places : List.of(
                Map.<Place, Map<MemberName, EnvelopeId>>of(),
                Map.of(PLACE, Map.<MemberName, EnvelopeId>of()),
                Map.of(PLACE, one, NEXT, Map.of(P1, ONE)),
                Map.of(PLACE, one, NEXT, Map.of(P0, ONE, P1, TWO)))) {
            assertThatThrownBy(() -> receipt(places)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void a_receipt_is_bounded_in_places_and_in_envelopes() throws Exception {
        var places = new TreeMap<Place, Map<MemberName, EnvelopeId>>();
        for (int i = 0; i < Receipt.MAX_PLACES; i++) {
            places.put(new Place(Kind.VALUES, i), Map.of(P0, ONE));
        }
        var most = receipt(places);
        assertThat(Receipt.decode(most.encode())).isEqualTo(most);

        places.put(new Place(Kind.CLOSING, 0), Map.of(P0, ONE));
        assertThatThrownBy(() -> receipt(places)).isInstanceOf(IllegalArgumentException.class);
        var many = new HashMap<MemberName, EnvelopeId>();
        for (int i = 0; i < 17; i++) {
            many.put(MemberName.party(i), ONE);
        }
        places.remove(places.firstKey());
        places.replaceAll((place, held) -> many);
        assertThatThrownBy(() -> receipt(places)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "another version,         a80102, a80101",
        "senders not ascending,   82625030, 82625032",
        "a sender twice,          82625030, 82625031",
        "a sender that is none,   82625030, 82625830",
        "an unknown kind,         83000158, 83040158",
        "places not ascending,    83000158, 83000358",
        "a place twice,           83000158, 83000258",
        "a sender left out,       0782625030625031, 0781625030",
        "a sender too many,       0782625030625031, 0783625030625031625032",
        "a field left out,        0303, ''"
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
        return Receipt.of(delivery, place, client, signer.publicKey().id(), received, envelopes);
    }

    private static Receipt receipt(Map<Place, Map<MemberName, EnvelopeId>> places) {
        return new Receipt(DELIVERY, C0, CLIENT.publicKey().id(), RECEIVED, new TreeMap<>(places));
    }

    private static Member member(String name, IdentityKey key) {
        return new Member(MemberName.parse(name), Optional.empty(), List.of(key.publicKey()));
    }
}
