// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.keys;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/// Whatever a file holds, it is a key or a [KeyFileException].
class KeyFilesFuzz {
    private static final byte[] VALID = """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """.getBytes(StandardCharsets.US_ASCII);

    @Property(tries = 300)
    void any_bytes_are_read_or_refused(@ForAll @Size(max = 200) byte[] content) throws IOException {
        accepts(content);
    }

    @Property(tries = 1000)
    void a_key_with_one_byte_changed_is_read_or_refused(@ForAll int position, @ForAll byte value) throws IOException {
        var content = VALID.clone();
        content[Math.floorMod(position, content.length)] = value;

        accepts(content);
    }

    /// Without the line break at its end a file is whole.
    @Property(tries = 300)
    void a_key_cut_short_is_refused(@ForAll int size) throws IOException {
        assertThat(accepts(Arrays.copyOf(VALID, Math.floorMod(size, VALID.length - 1))))
                .isFalse();
    }

    private static boolean accepts(byte[] content) throws IOException {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        var file = Files.createTempFile("fuzz", ".key", ownerOnly);
        try {
            Files.write(file, content);
            KeyFiles.readIdentityKey(file).close();
            return true;
        } catch (KeyFileException e) {
            assertThat(e).hasMessageStartingWith(file.toString());
            return false;
        } finally {
            Files.delete(file);
        }
    }
}
