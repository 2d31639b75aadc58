// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedFileTest {
    @TempDir
    Path folder;

    @Test
    void a_file_may_be_as_large_as_the_limit() throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[10]);

        assertThat(BoundedFile.read(file, 10)).hasSize(10);
        assertThatThrownBy(() -> BoundedFile.read(file, 9)).isInstanceOf(BoundedFile.TooLargeException.class);
    }

    @Test
    void an_endless_device_is_read_up_to_the_limit() {
        var endless = Path.of("/dev/zero");
        assumeTrue(Files.exists(endless));

        assertThatThrownBy(() -> BoundedFile.read(endless, 10)).isInstanceOf(BoundedFile.TooLargeException.class);
    }

    @Test
    void text_that_is_not_utf_8_is_refused() throws Exception {
        var file = Files.write(folder.resolve("file"), new byte[] {'K', (byte) 0xf6});

        assertThatThrownBy(() -> BoundedFile.readText(file, 10)).isInstanceOf(CharacterCodingException.class);
    }
}
