// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.ClosingWords;
import org.shareferry.crypto.Bytes;

/// Whatever the bytes, a decoder gives a value or a [MalformedException], never anything else.
class CapturesFuzz {
    @Provide
    Arbitrary<String> captures() {
        return Arbitraries.of("additive-10", "batched-1", "committed-10", "mascot-batched-6");
    }

    @Property(tries = 2000)
    void a_damaged_capture_is_read_or_refused(
            @ForAll("captures") String name, @ForAll int position, @ForAll byte value, @ForAll boolean cut) {
        var file = CapturedRunsTest.resource(name, "P0.dialog").toArray();
        int at = Math.floorMod(position, file.length);
        file[at] = value;
        tolerate(() -> CapturedDialog.parse("P0.dialog", Bytes.of(cut ? Arrays.copyOf(file, at) : file)));
    }

    @Example
    void a_capture_cut_off_anywhere_but_between_deliveries_is_refused_with_the_place() {
        var file = CapturedRunsTest.resource("batched-1", "P1.dialog").toArray();
        int accepted = 0;
        for (int size = 0; size < file.length; size++) {
            try {
                CapturedDialog.parse("P1.dialog", Bytes.ofRange(file, 0, size));
                accepted++;
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("Message [0-9]+ of P1.dialog: .*");
            }
        }
        // Whole are: no delivery yet, and the first of the two.
        assertThat(accepted).isEqualTo(2);
    }

    @Property
    void any_bytes_are_a_specification_or_refused(@ForAll @Size(max = 60) byte[] bytes, @ForAll boolean prime) {
        var message = bytes.clone();
        if (message.length > 3) {
            message[0] = (byte) (prime ? 'p' : 'R');
            Arrays.fill(message, 1, 4, (byte) 0);
        }
        tolerate(() -> Specification.parse(Bytes.of(message)));
    }

    @Property
    void any_bytes_are_closing_words_or_refused(@ForAll @Size(max = 200) byte[] bytes) {
        tolerate(() -> ClosingWords.decode(Bytes.of(bytes)));
    }

    @Property
    void damaged_closing_words_are_refused_or_mean_something_else(
            @ForAll @IntRange(max = 400) int position, @ForAll byte value) throws Exception {
        var dialog = CapturedDialog.parse("P0.dialog", CapturedRunsTest.resource("committed-10", "P0.dialog"));
        var part = dialog.deliveries().getFirst().committed().orElseThrow();
        var words = new ClosingWords(
                List.of(part.digest(), part.digest()),
                List.of(part.coinShare(), part.coinShare()),
                part.combinations());
        var bytes = words.encode().toArray();
        int at = position % bytes.length;
        boolean same = bytes[at] == value;
        bytes[at] = value;
        try {
            assertThat(ClosingWords.decode(Bytes.of(bytes)).equals(words)).isEqualTo(same);
        } catch (MalformedException e) {
            assertThat(same).isFalse();
        }
    }

    @Example
    void each_fault_of_a_specification_is_named() {
        refused("", "The specification ends too early, after 0 bytes.");
        refused("51000000", "The specification is neither that of a ring nor that of a prime field.");
        refused("520000008000000040000000ff", "The specification has 1 surplus bytes.");
        refused(
                "520000006000000040000000",
                "Rings of 96/64 bits are not supported; 128/64, 112/64, 136/72, 120/72 and 64/64 are.");
        refused(
                "70000000" + "01" + "01000000" + "05" + "01000000",
                "The specification's prime is negative, or not of 1 to 256 bits.");
        refused(
                "70000000" + "00" + "01000000" + "05" + "00000000",
                "The specification has elements that are not in Montgomery form.");
        var five = "00" + "01000000" + "05" + "01000000";
        var seven = "00" + "01000000" + "07" + "01000000";
        var nine = "00" + "01000000" + "09" + "01000000";
        refused("70000000" + five + seven, "The specification names two different primes.");
        refused("70000000" + nine + nine, "The specification's modulus is not an odd prime of at most 256 bits.");
    }

    private static void refused(String hex, String reason) {
        assertThatThrownBy(() -> Specification.parse(Bytes.fromHex(hex)))
                .isInstanceOf(MalformedException.class)
                .hasMessage(reason);
    }

    private interface Decoding {
        Object run() throws MalformedException;
    }

    private static void tolerate(Decoding decoding) {
        try {
            assertThat(decoding.run()).isNotNull();
        } catch (MalformedException e) {
            assertThat(e.reason()).isNotBlank();
        }
    }
}
