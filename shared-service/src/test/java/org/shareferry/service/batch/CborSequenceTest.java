// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.batch.CborSequence.Item;
import org.shareferry.service.batch.CborSequence.Unreadable;
import org.shareferry.service.batch.CborSequence.Whole;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

class CborSequenceTest {
    private static final int LIMIT = 1 << 17;

    private static List<Item> read(InputStream in) {
        var sequence = new CborSequence(in, LIMIT);
        var items = new ArrayList<Item>();
        for (var some = sequence.next(3, 1000); !some.isEmpty(); some = sequence.next(3, 1000)) {
            items.addAll(some);
        }
        return items;
    }

    private static List<Item> read(String hex) {
        return read(Bytes.fromHex(hex).stream());
    }

    private static Item whole(String hex) {
        return new Whole(Bytes.fromHex(hex));
    }

    /// RFC 8949 §3.1 and appendix A: the lengths of byte strings.
    @ParameterizedTest
    @CsvSource({
        "0, 40",
        "4, 44",
        "23, 57",
        "24, 5818",
        "255, 58ff",
        "256, 590100",
        "65535, 59ffff",
        "65536, 5a00010000",
        "4294967295, 5affffffff",
        "4294967296, 5b0000000100000000"
    })
    void the_head_of_an_item_is_the_shortest_there_is(long size, String head) {
        assertThat(CborSequence.head(size)).hasToString(head);
    }

    @Test
    void written_items_are_read_back() {
        var items = new ArrayList<Item>();
        var written = new ArrayList<BatchItem>();
        for (int size : new int[] {0, 1, 23, 24, 255, 256, 65_536, LIMIT}) {
            var content = Bytes.of(new byte[size]);
            items.add(new Whole(content));
            written.add(new BatchItem(List.of(content, Bytes.empty())));
        }

        var pieces = CborSequence.pieces(written).stream().map(Bytes::stream).toList();

        assertThat(read(new SequenceInputStream(Collections.enumeration(pieces))))
                .isEqualTo(items);
    }

    @Test
    void items_come_in_groups_of_bounded_number_and_size() {
        var sequence = new CborSequence(Bytes.fromHex("4101" + "4102" + "4103" + "43040404" + "4105").stream(), LIMIT);

        assertThat(sequence.next(2, 1000)).containsExactly(whole("01"), whole("02"));
        assertThat(sequence.next(9, 3)).containsExactly(whole("03"), whole("040404"));
        assertThat(sequence.next(9, 3)).containsExactly(whole("05"));
        assertThat(sequence.next(9, 3)).isEmpty();
    }

    @Test
    void no_more_items_are_read_than_the_largest_batch_has() {
        assertThat(read("40".repeat(100_000))).hasSize(CborSequence.MOST_ITEMS);
    }

    @Test
    void an_item_that_is_too_large_is_skipped() {
        var large = CborSequence.head(LIMIT + 1).toHex() + "00".repeat(LIMIT + 1);

        var items = read("4101" + large + "4102");

        assertThat(items).hasSize(3).contains(whole("01"), whole("02"));
        assertThat(items.get(1))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.problem().type()).isEqualTo(ProblemType.BODY_TOO_LARGE));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"a0", "01", "5f4101ff", "6161", "5c", "ff", "80"})
    void nothing_is_read_after_something_else_than_a_byte_string(String other) {
        var items = read("4101" + other + "4102");

        assertThat(items).hasSize(2).startsWith(whole("01"));
        assertThat(items.get(1))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        unreadable -> assertThat(unreadable.problem().type()).isEqualTo(ProblemType.REQUEST_MALFORMED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"43" + "0101", "58", "5901", "5a00010000" + "00", "5bffffffffffffffff" + "00"})
    void a_sequence_that_ends_within_an_item_is_damaged(String cut) {
        assertThatThrownBy(() -> read("4101" + cut))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().type()).isEqualTo(ProblemType.BODY_DAMAGED));
    }

    @Test
    void a_connection_that_breaks_damages_the_sequence() {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("The connection broke.");
            }
        };

        assertThatThrownBy(() -> read(broken)).isInstanceOf(ProblemException.class);
    }

    @Test
    void any_bytes_are_items_or_damaged() {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++) {
            var bytes = new byte[random.nextInt(40)];
            random.nextBytes(bytes);
            // Every second one begins as an item does.
            if (bytes.length > 0 && i % 2 == 0) {
                bytes[0] = (byte) (0x40 + random.nextInt(0x20));
            }
            try {
                assertThat(read(new ByteArrayInputStream(bytes))).hasSizeLessThanOrEqualTo(bytes.length);
            } catch (ProblemException e) {
                assertThat(e.problem().type()).isEqualTo(ProblemType.BODY_DAMAGED);
            }
        }
    }
}
