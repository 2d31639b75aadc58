// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.KeyId;
import org.shareferry.crypto.OpeningKey;
import org.shareferry.crypto.SealingKey;
import org.shareferry.crypto.SigningContext;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;

/// A client's keys are believed when the client itself, as the roster pins it, signed them; and used while
/// they last.
class KeyAnnouncementTest {
    private static final IdentityKey CLIENT = IdentityKey.generate();
    private static final IdentityKey OTHER_CLIENT = IdentityKey.generate();
    private static final IdentityKey RELAY = IdentityKey.generate();
    private static final SealingKey KEY = OpeningKey.generate().sealingKey();
    private static final SealingKey NEXT_KEY = OpeningKey.generate().sealingKey();
    private static final MemberName C0 = MemberName.client(0);
    private static final MemberName C1 = MemberName.client(1);
    private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");
    private static final Instant END = START.plus(Duration.ofDays(30));
    private static final Roster ROSTER =
            Roster.of(List.of(member("R0", RELAY), member("C0", CLIENT), member("C1", OTHER_CLIENT)));

    /// Shared with the fuzzer.
    static KeyAnnouncement sample() {
        return announcement(C0, CLIENT, new AnnouncedKey(KEY, START, END));
    }

    @Test
    void an_announcement_is_encoded_as_written_down() throws Exception {
        var signer = new KeyId(Bytes.of(new byte[32]));
        var encoded = Bytes.fromHex(
                "a5" // map of 5
                        + "0101" // version
                        + "02" + "624330" // client: C0
                        + "03" + "5820" + "00".repeat(32) // signer
                        + "04" + "1b" + "0000019b7c000400" // issued, in ms
                        + "05" + "81" + "83" // one key
                        + "5904c0" + KEY.raw().toHex() // of 1216 bytes
                        + "00" // not before 1970
                        + "1903e8"); // not after one second

        var announcement = new KeyAnnouncement(
                C0,
                signer,
                Instant.ofEpochMilli(0x19b7c000400L),
                List.of(new AnnouncedKey(KEY, Instant.EPOCH, Instant.EPOCH.plusSeconds(1))));

        assertThat(announcement.encode()).isEqualTo(encoded);
        assertThat(KeyAnnouncement.decode(encoded)).isEqualTo(announcement);
    }

    @Test
    void the_clients_announcement_is_accepted() throws Exception {
        var announcement = sample();

        assertThat(SignedKeyAnnouncement.sign(announcement, CLIENT).verify(C0, ROSTER))
                .contains(announcement);
    }

    @Test
    void a_key_that_the_relay_planted_under_its_own_key_is_not_accepted() throws Exception {
        var planted =
                SignedKeyAnnouncement.sign(announcement(C0, RELAY, new AnnouncedKey(NEXT_KEY, START, END)), RELAY);

        assertThat(planted.verify(C0, ROSTER)).isEmpty();
    }

    @Test
    void a_key_that_the_relay_planted_in_the_clients_name_is_not_accepted() throws Exception {
        var bytes =
                announcement(C0, CLIENT, new AnnouncedKey(NEXT_KEY, START, END)).encode();
        var planted = new SignedKeyAnnouncement(bytes, RELAY.sign(SigningContext.KEY_ANNOUNCEMENT, List.of(bytes)));

        assertThat(planted.verify(C0, ROSTER)).isEmpty();
    }

    @Test
    void a_replaced_key_is_not_accepted() throws Exception {
        var signed = SignedKeyAnnouncement.sign(sample(), CLIENT);
        var changed =
                announcement(C0, CLIENT, new AnnouncedKey(NEXT_KEY, START, END)).encode();

        assertThat(new SignedKeyAnnouncement(changed, signed.signature()).verify(C0, ROSTER))
                .isEmpty();
    }

    @Test
    void an_extended_validity_is_not_accepted() throws Exception {
        var signed = SignedKeyAnnouncement.sign(sample(), CLIENT);
        var changed = announcement(C0, CLIENT, new AnnouncedKey(KEY, START, END.plusMillis(1)))
                .encode();

        assertThat(new SignedKeyAnnouncement(changed, signed.signature()).verify(C0, ROSTER))
                .isEmpty();
    }

    @Test
    void another_client_s_announcement_is_not_taken_for_this_one_s() throws Exception {
        var other = SignedKeyAnnouncement.sign(
                announcement(C1, OTHER_CLIENT, new AnnouncedKey(KEY, START, END)), OTHER_CLIENT);

        assertThat(other.verify(C1, ROSTER)).isPresent();
        assertThat(other.verify(C0, ROSTER)).isEmpty();
    }

    @Test
    void another_client_cannot_announce_in_this_one_s_name() throws Exception {
        var other = SignedKeyAnnouncement.sign(
                announcement(C0, OTHER_CLIENT, new AnnouncedKey(KEY, START, END)), OTHER_CLIENT);

        assertThat(other.verify(C0, ROSTER)).isEmpty();
    }

    @Test
    void an_announcement_of_a_client_outside_of_the_roster_is_not_accepted() throws Exception {
        var signed = SignedKeyAnnouncement.sign(sample(), CLIENT);

        assertThat(signed.verify(C0, Roster.of(List.of(member("C1", OTHER_CLIENT)))))
                .isEmpty();
    }

    @Test
    void an_announcement_signed_with_a_removed_key_is_not_accepted() throws Exception {
        var signed = SignedKeyAnnouncement.sign(sample(), CLIENT);

        assertThat(signed.verify(C0, ROSTER.with(member("C0", IdentityKey.generate()))))
                .isEmpty();
    }

    @Test
    void a_signature_for_another_purpose_is_not_accepted() throws Exception {
        var bytes = sample().encode();
        var signed = new SignedKeyAnnouncement(bytes, CLIENT.sign(SigningContext.RECEIPT, List.of(bytes)));

        assertThat(signed.verify(C0, ROSTER)).isEmpty();
    }

    @Test
    void an_announcement_is_signed_only_by_whom_it_names() {
        assertThatThrownBy(() -> SignedKeyAnnouncement.sign(sample(), OTHER_CLIENT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_malformed_announcement_is_refused_before_its_signature_counts() {
        var bytes = Bytes.fromHex("a0");
        var signed = new SignedKeyAnnouncement(bytes, CLIENT.sign(SigningContext.KEY_ANNOUNCEMENT, List.of(bytes)));

        assertThatThrownBy(() -> signed.verify(C0, ROSTER)).isInstanceOf(MalformedException.class);
    }

    @Test
    void a_key_is_sealed_to_from_its_first_to_its_last_moment() {
        var announcement = sample();

        assertThat(announcement.keyAt(START.minusMillis(1))).isEmpty();
        assertThat(announcement.keyAt(START)).contains(KEY);
        assertThat(announcement.keyAt(END)).contains(KEY);
        assertThat(announcement.keyAt(END.plusMillis(1))).isEmpty();
    }

    @Test
    void of_two_valid_keys_that_with_the_later_beginning_is_sealed_to() {
        var change = END.minus(Duration.ofDays(1));
        var announcement = announcement(
                C0,
                CLIENT,
                new AnnouncedKey(NEXT_KEY, change, END.plus(Duration.ofDays(30))),
                new AnnouncedKey(KEY, START, END));

        assertThat(announcement.keyAt(change.minusMillis(1))).contains(KEY);
        assertThat(announcement.keyAt(change)).contains(NEXT_KEY);
        assertThat(announcement.keyAt(END.plusMillis(1))).contains(NEXT_KEY);
    }

    @Test
    void a_key_is_found_by_its_id_whether_valid_or_not() {
        assertThat(sample().find(KEY.id())).isEqualTo(Optional.of(new AnnouncedKey(KEY, START, END)));
        assertThat(sample().find(NEXT_KEY.id())).isEmpty();
    }

    @Test
    void an_announcement_may_be_empty_but_offers_no_key_then() throws Exception {
        var announcement = announcement(C0, CLIENT);

        assertThat(KeyAnnouncement.decode(announcement.encode()).keyAt(START)).isEmpty();
    }

    @Test
    void a_key_that_never_is_valid_is_refused() {
        assertThatThrownBy(() -> new AnnouncedKey(KEY, START, START)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AnnouncedKey(KEY, END, START)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_key_announced_twice_is_refused() {
        var key = new AnnouncedKey(KEY, START, END);
        var again = new AnnouncedKey(KEY, START, END.plusSeconds(1));

        assertThatThrownBy(() -> announcement(C0, CLIENT, key, again)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void more_than_16_keys_are_refused() {
        var keys = Stream.generate(() -> new AnnouncedKey(OpeningKey.generate().sealingKey(), START, END))
                .limit(17)
                .toArray(AnnouncedKey[]::new);

        assertThatThrownBy(() -> announcement(C0, CLIENT, keys)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void parties_and_relays_announce_no_keys() {
        for (var name : List.of("P0", "R0")) {
            assertThatThrownBy(() -> announcement(MemberName.parse(name), CLIENT))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void bytes_that_are_no_sealing_key_are_refused() {
        var encoded = sample().encode().toHex();
        var changed = encoded.replace(KEY.raw().toHex(), "ff".repeat(1216));

        assertThatThrownBy(() -> KeyAnnouncement.decode(Bytes.fromHex(changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class,
                        e -> assertThat(e.reason())
                                .isEqualTo("A key of a key announcement is not an X-Wing public key."));
    }

    @Test
    void another_version_is_refused() {
        var changed = "a50102" + sample().encode().toHex().substring(6);

        assertThatThrownBy(() -> KeyAnnouncement.decode(Bytes.fromHex(changed)))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).contains("version"));
    }

    private static KeyAnnouncement announcement(MemberName client, IdentityKey signer, AnnouncedKey... keys) {
        return new KeyAnnouncement(client, signer.publicKey().id(), START, List.of(keys));
    }

    private static Member member(String name, IdentityKey key) {
        return new Member(MemberName.parse(name), Optional.empty(), List.of(key.publicKey()));
    }
}
