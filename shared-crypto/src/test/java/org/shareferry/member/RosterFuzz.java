// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.member;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.shareferry.cbor.MalformedException;

/// Whatever the text, it is a roster that can be written and read again, or a [MalformedException].
class RosterFuzz {
    @Provide
    Arbitrary<String> pieces() {
        return Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"",
                "\"\"",
                "null",
                "true",
                "0",
                "-1",
                "1e999",
                "1",
                "{}",
                "[]",
                "\\",
                "\\ud800",
                "name",
                "role",
                "address",
                "https://",
                "identityKeys",
                "version",
                "P0",
                "\u0000",
                " ");
    }

    @Property(tries = 1000)
    void any_text_is_read_or_refused(@ForAll String text) {
        accepts(text);
    }

    @Property(tries = 5000)
    void a_valid_roster_with_a_piece_put_in_for_some_characters_is_read_or_refused(
            @ForAll("pieces") String piece, @ForAll int position, @ForAll int length) {
        int from = Math.floorMod(position, RosterTest.VALID.length());
        int to = Math.min(RosterTest.VALID.length(), from + Math.floorMod(length, 12));

        accepts(RosterTest.VALID.substring(0, from) + piece + RosterTest.VALID.substring(to));
    }

    @Property(tries = 3000)
    void a_valid_roster_with_one_character_changed_is_read_or_refused(@ForAll int position, @ForAll char character) {
        var text = new StringBuilder(RosterTest.VALID);
        text.setCharAt(Math.floorMod(position, text.length()), character);

        accepts(text.toString());
    }

    @Property(tries = 500)
    void a_valid_roster_cut_short_is_refused(@ForAll int size) {
        assertThat(accepts(RosterTest.VALID.substring(0, Math.floorMod(size, RosterTest.VALID.length()))))
                .isFalse();
    }

    private static boolean accepts(String text) {
        try {
            var roster = Roster.parse(text);
            assertThat(Roster.parse(roster.toJson())).isEqualTo(roster);
            return true;
        } catch (MalformedException e) {
            assertThat(e.reason()).endsWith(".");
            return false;
        }
    }
}
