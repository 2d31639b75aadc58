// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cbor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.shareferry.crypto.Bytes;

/// Whatever the bytes, a decoder gives a value whose one encoding they are, or a [MalformedException], never
/// anything else. One subclass for each format.
public abstract class DecoderFuzz {
    private final byte[] valid;

    /// @param valid an encoding to damage
    protected DecoderFuzz(Bytes valid) {
        this.valid = valid.toArray();
    }

    /// @return what the decoded bytes are encoded to again
    /// @throws MalformedException when they do not decode
    protected abstract Bytes again(Bytes bytes) throws MalformedException;

    @Property(tries = 1)
    void the_valid_encoding_is_accepted() {
        assertThat(accepts(valid)).isTrue();
    }

    @Property(tries = 1000)
    void any_bytes_are_refused_or_the_one_encoding(@ForAll @Size(max = 300) byte[] bytes) {
        accepts(bytes);
    }

    @Property(tries = 3000)
    void one_byte_changed_is_refused_or_another_valid_encoding(@ForAll int position, @ForAll byte value) {
        var changed = valid.clone();
        changed[somewhere(position)] = value;

        accepts(changed);
    }

    @Property(tries = 3000)
    void one_bit_changed_is_refused_or_another_valid_encoding(@ForAll int position, @ForAll int bit) {
        var changed = valid.clone();
        changed[somewhere(position)] ^= (byte) (1 << (bit & 7));

        accepts(changed);
    }

    @Property(tries = 3000)
    void bytes_put_in_or_taken_out_are_refused_or_another_valid_encoding(
            @ForAll int position, @ForAll int length, @ForAll @Size(max = 9) byte[] inserted) {
        int from = somewhere(position);
        int to = Math.min(valid.length, from + Math.floorMod(length, 5));
        var changed = new byte[from + inserted.length + valid.length - to];
        System.arraycopy(valid, 0, changed, 0, from);
        System.arraycopy(inserted, 0, changed, from, inserted.length);
        System.arraycopy(valid, to, changed, from + inserted.length, valid.length - to);

        accepts(changed);
    }

    @Property(tries = 1000)
    void a_valid_encoding_cut_short_is_refused(@ForAll int size) {
        assertThat(accepts(Arrays.copyOf(valid, somewhere(size)))).isFalse();
    }

    /// Every second time near the front, where most of the structure is.
    private int somewhere(int position) {
        return Math.floorMod(position, position % 2 == 0 ? Math.min(200, valid.length) : valid.length);
    }

    private boolean accepts(byte[] bytes) {
        try {
            assertThat(again(Bytes.of(bytes))).isEqualTo(Bytes.of(bytes));
            return true;
        } catch (MalformedException e) {
            assertThat(e.reason()).endsWith(".");
            return false;
        }
    }
}
