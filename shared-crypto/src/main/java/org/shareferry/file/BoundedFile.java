// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Reads files up to a size limit. Checking the size before reading is not enough: devices and files in `/proc`
/// report size 0, and a file can grow meanwhile.
public final class BoundedFile {
    private BoundedFile() {}

    /// The file is larger than the limit.
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(int limit) {
            super("The file is larger than " + limit + " bytes.");
        }
    }

    /// @param limit bytes
    /// @return the whole content; the caller wipes it if it is secret
    /// @throws TooLargeException when there is more
    /// @throws IOException when it cannot be read
    public static byte[] read(Path file, int limit) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var content = in.readNBytes(limit + 1);
            if (content.length > limit) {
                Arrays.fill(content, (byte) 0);
                throw new TooLargeException(limit);
            }
            return content;
        }
    }

    /// @param limit bytes
    /// @return the whole content
    /// @throws java.nio.charset.CharacterCodingException when it is not UTF-8
    /// @throws TooLargeException when there is more
    /// @throws IOException when it cannot be read
    public static String readText(Path file, int limit) throws IOException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(read(file, limit)))
                .toString();
    }
}
