// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.member.MemberName;

/// What a capture holds, message by message, and what is said of one that is damaged.
class CapturedDialogTest {
    private static final String SPECIFICATION = "520000008000000040000000";

    /// One message of a capture, for tests that take captures apart and put them together again.
    record Message(char direction, byte[] content) {
        static Message words(char direction, long... words) {
            var buffer = ByteBuffer.allocate(8 * words.length).order(ByteOrder.LITTLE_ENDIAN);
            for (long word : words) {
                buffer.putLong(word);
            }
            return new Message(direction, buffer.array());
        }

        long word(int index) {
            return ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).getLong(8 * index);
        }

        Message withWord(int index, long value) {
            var copy = content.clone();
            ByteBuffer.wrap(copy).order(ByteOrder.LITTLE_ENDIAN).putLong(8 * index, value);
            return new Message(direction, copy);
        }

        Message withSize(int size) {
            return new Message(direction, Arrays.copyOf(content, size));
        }
    }

    private static List<Message> messages(String name, int party) {
        var file = ByteBuffer.wrap(
                        CapturedRunsTest.resource(name, "P" + party + ".dialog").toArray())
                .order(ByteOrder.LITTLE_ENDIAN);
        var messages = new ArrayList<Message>();
        while (file.hasRemaining()) {
            char direction = (char) file.get();
            var content = new byte[file.getInt()];
            file.get(content);
            messages.add(new Message(direction, content));
        }
        return messages;
    }

    private static CapturedDialog parse(List<Message> messages) throws MalformedException {
        var file = new ByteArrayOutputStream();
        for (var message : messages) {
            file.write(message.direction());
            file.writeBytes(ByteBuffer.allocate(4)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putInt(message.content().length)
                    .array());
            file.writeBytes(message.content());
        }
        return CapturedDialog.parse("P0.dialog", Bytes.of(file.toByteArray()));
    }

    private static List<Message> with(String name, int number, UnaryOperator<Message> change) {
        var messages = messages(name, 0);
        messages.set(number, change.apply(messages.get(number)));
        return messages;
    }

    private static void refused(List<Message> messages, String reason) {
        assertThatThrownBy(() -> parse(messages))
                .isInstanceOf(MalformedException.class)
                .hasMessage(reason);
    }

    @Test
    void what_is_put_together_again_reads_as_before() throws Exception {
        assertThat(parse(messages("batched-10", 0)).deliveries()).hasSize(2);
    }

    @Test
    void the_keys_that_a_party_made_are_those_that_the_other_received() throws Exception {
        var p0 = CapturedDialog.parse("P0", CapturedRunsTest.resource("batched-10", "P0.dialog"));
        var p1 = CapturedDialog.parse("P1", CapturedRunsTest.resource("batched-10", "P1.dialog"));
        var ofP0 = p0.pairs().get(MemberName.party(1));
        var ofP1 = p1.pairs().get(MemberName.party(0));
        assertThat(ofP0).isNotNull();
        assertThat(ofP1).isNotNull();

        assertThat(ofP0.made()).isEqualTo(ofP1.received()).isNotEqualTo(ofP1.made());
        assertThat(ofP0.received()).isEqualTo(ofP1.made());
    }

    /// The first committed delivery's messages follow 4 of the preamble, its head, its chunks and the masks.
    @ParameterizedTest
    @CsvSource({"committed-10, 3", "committed-1000, 4", "mascot-committed-6, 1"})
    void what_one_party_gave_the_other_got(String name, int chunks) {
        var p0 = messages(name, 0);
        var p1 = messages(name, 1);
        int exchange = 4 + 1 + chunks + 1;
        for (int message : new int[] {exchange, exchange + 2}) {
            int size = message == exchange ? 8 : 4;
            for (int word = 0; word < size; word++) {
                // Two ordered pairs, (0, 1) and (1, 0): the first words of both, the second words of
                // both …
                assertThat(p1.get(message + 1).word(2 * word))
                        .isEqualTo(p0.get(message).word(word));
                assertThat(p0.get(message + 1).word(2 * word + 1))
                        .isEqualTo(p1.get(message).word(word));
            }
        }
    }

    @Test
    void ordered_pairs_stand_in_lexicographic_order() {
        int index = 0;
        for (int from = 0; from < 4; from++) {
            for (int to = 0; to < 4; to++) {
                if (from != to) {
                    assertThat(OrderedPairs.index(from, to, 4)).isEqualTo(index++);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "-1, 0", "0, -1", "3, 0", "0, 3"})
    void there_are_no_other_pairs(int from, int to) {
        assertThatThrownBy(() -> OrderedPairs.index(from, to, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keys_of_three_parties_are_found_among_those_of_all_pairs() throws Exception {
        // P1 of three: pairs (0,1) (0,2) (1,0) (1,2) (2,0) (2,1), their first words and then their second
        // words.
        var dialog = parse(List.of(
                new Message('<', Bytes.fromHex(SPECIFICATION).toArray()),
                Message.words('<', 0x52524546L, 1, 5, 6, 1, 3),
                Message.words('>', 10, 0, 12, 20, 0, 22),
                Message.words('<', 101, 102, 110, 112, 120, 121, 201, 202, 210, 212, 220, 221)));

        var withP0 = dialog.pairs().get(MemberName.party(0));
        var withP2 = dialog.pairs().get(MemberName.party(2));
        assertThat(withP0).isNotNull();
        assertThat(withP2).isNotNull();
        assertThat(withP0.made()).isEqualTo(key(10, 20));
        assertThat(withP0.received()).isEqualTo(key(101, 201));
        assertThat(withP2.made()).isEqualTo(key(12, 22));
        assertThat(withP2.received()).isEqualTo(key(121, 221));
        assertThat(dialog.run().toString()).isEqualTo("00000000000000050000000000000006");
        assertThat(dialog.deliveries()).isEmpty();
    }

    private static SecretBytes key(long first, long second) {
        return SecretBytes.takeOver(Message.words('<', first, second).content());
    }

    @Test
    void another_magic_number_or_version_is_refused() {
        var reason = "Message 1 of P0.dialog: the greeting has a different magic number or version.";
        refused(with("batched-1", 1, m -> m.withWord(0, 1)), reason);
        refused(with("batched-1", 1, m -> m.withWord(1, 3)), reason);
    }

    /// As version 2 is spoken: a threshold, a share of zero, and the service's secret before each head of 8 words.
    @Test
    void a_capture_of_the_second_version_holds_the_same_as_one_of_the_first() throws Exception {
        var first = messages("batched-1", 0);
        var second = new ArrayList<Message>();
        for (var message : first) {
            boolean isHead = message.direction() == '<' && message.content().length == 56;
            switch (second.size()) {
                case 1 -> {
                    second.add(Message.words(
                            '<', message.word(0), 2, message.word(2), message.word(3), message.word(4), 2, 1));
                    second.add(new Message('<', new byte[32]));
                }
                case 3 ->
                    second.add(Message.words(
                            '>', message.word(0), message.word(1), message.word(2), message.word(3), 11, 12));
                default -> {
                    if (isHead) {
                        second.add(Message.words('>', 11, 12));
                    }
                    second.add(isHead ? message.withSize(64) : message);
                }
            }
        }
        second.add(Message.words('>', 11, 12));

        var parsed = parse(second);

        assertThat(parsed.deliveries()).hasSameSizeAs(parse(first).deliveries());
        assertThat(parsed).isEqualTo(parse(first));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "2, 2", "-1, 2", "0, 257", "7, -3"})
    void a_party_that_is_not_among_the_parties_is_refused(long party, long parties) {
        refused(
                with("batched-1", 1, m -> m.withWord(4, party).withWord(5, parties)),
                "Message 1 of P0.dialog: the greeting names party " + party + " of " + parties + ".");
    }

    @Test
    void keys_of_another_number_of_parties_are_refused() {
        refused(
                with("batched-1", 1, m -> m.withWord(5, 3)),
                "Message 2 of P0.dialog: expected 48 bytes for the keys that the service made, not 32.");
        refused(
                with("batched-1", 3, m -> m.withSize(24)),
                "Message 3 of P0.dialog: expected 32 bytes for the keys of all ordered pairs, not 24.");
    }

    @ParameterizedTest
    @CsvSource({"1, -1", "1, 10000", "2, 5", "3, 0", "3, -1", "4, 0", "4, 4294967296"})
    void a_head_out_of_range_is_refused(int word, long value) {
        refused(
                with("batched-1", 4, m -> m.withWord(word, value)),
                "Message 4 of P0.dialog: recipient, scheme, count or values per chunk are out of range.");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 256})
    void a_precision_out_of_range_is_refused(long precision) {
        refused(
                with("batched-1", 4, m -> m.withWord(5, precision)),
                "Message 4 of P0.dialog: the precision is out of range.");
    }

    @Test
    void a_sequence_number_out_of_turn_is_refused() {
        refused(
                with("batched-1", 4, m -> m.withWord(0, 1)),
                "Message 4 of P0.dialog: the sequence number is 1 instead of 0.");
    }

    @Test
    void a_chunk_or_a_tail_of_another_size_is_refused() {
        refused(
                with("batched-1", 5, m -> m.withSize(48)),
                "Message 5 of P0.dialog: expected 32 bytes for a chunk of shares, not 48.");
        refused(
                with("batched-1", 6, m -> m.withSize(32)),
                "Message 6 of P0.dialog: expected 48 bytes for a chunk's tail, not 32.");
    }

    @Test
    void an_error_for_an_answer_is_refused() {
        refused(
                with("batched-1", 7, m -> m.withWord(0, 4)),
                "Message 7 of P0.dialog: the delivery was answered with an error.");
    }

    @Test
    void a_message_in_the_other_direction_is_refused() {
        refused(
                with("batched-1", 5, m -> new Message('>', m.content())),
                "Message 5 of P0.dialog: expected a chunk of shares in the other direction.");
    }

    @Test
    void a_malformed_specification_is_refused_with_its_place() {
        refused(
                with("batched-1", 0, m -> m.withSize(11)),
                "Message 0 of P0.dialog: The specification ends too early, after 11 bytes.");
    }

    @ParameterizedTest
    @CsvSource({
        "8, the masks, 1024",
        "9, digest and commitment, 64",
        "10, everyone's digests and commitments, 128",
        "11, the coin share, 32",
        "12, everyone's coin shares, 64",
        "13, the offsets, 64",
        "14, the bits, 520",
        "15, the combinations, 512",
        "16, the acknowledgement, 8"
    })
    void each_message_of_a_committed_delivery_has_its_size(int number, String what, int size) {
        refused(
                with("committed-10", number, m -> m.withSize(size + 8)),
                "Message " + number + " of P0.dialog: expected " + size + " bytes for " + what + ", not " + (size + 8)
                        + ".");
    }

    @Test
    void neither_shares_nor_keys_are_printed() throws Exception {
        var dialog = parse(messages("batched-1", 0));
        var shares = dialog.deliveries().getFirst().chunks().getFirst().elements();
        assertThat(dialog.toString())
                .contains("[redacted]")
                .doesNotContain(Bytes.of(shares.reveal()).toHex().substring(0, 16));
    }
}
