// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;

/// The headers of a backup's tar archive (POSIX.1-2001, pax, "ustar interchange format"): regular files of user 0 with
/// mode 0600. A size of 8 GiB or more is written in base 256, as GNU tar and bsdtar do.
///
/// A reader does not interpret a header. It compares it with the one that this class makes, so an archive with links,
/// folders, other names, owners or modes is not a backup.
final class TarHeader {
    /// Headers and contents fill blocks of this many bytes.
    static final int BLOCK = 512;

    /// Blocks of zeros at the end of an archive.
    static final int END_BLOCKS = 2;

    /// The longest name, in bytes.
    static final int LONGEST_NAME = 100;

    private static final int SIZE = 124;
    private static final int SIZE_BYTES = 12;
    private static final int CHECKSUM = 148;
    private static final int CHECKSUM_BYTES = 8;
    private static final int OCTAL_DIGITS = SIZE_BYTES - 1;
    private static final long LARGEST_OCTAL = (1L << (3 * OCTAL_DIGITS)) - 1;
    private static final int BASE_256 = 0x80;

    private TarHeader() {}

    /// @param name ASCII, at most [#LONGEST_NAME] bytes
    /// @param size of the content, in bytes
    /// @param time in whole seconds
    /// @return the block before the content
    static byte[] of(String name, long size, Instant time) {
        var header = ByteBuffer.allocate(BLOCK);
        put(header, 0, name);
        put(header, 100, "0000600\0" + "0000000\0" + "0000000\0");
        putSize(header, size);
        put(header, 136, octal(time.getEpochSecond()) + "\0");
        put(header, 156, "0");
        put(header, 257, "ustar\0" + "00");
        put(header, 329, "0000000\0" + "0000000\0");
        put(header, CHECKSUM, String.format(Locale.ROOT, "%06o\0 ", checksum(header.array())));
        return header.array();
    }

    private static void putSize(ByteBuffer header, long size) {
        if (size <= LARGEST_OCTAL) {
            put(header, SIZE, octal(size) + "\0");
        } else {
            header.put(SIZE, (byte) BASE_256).putLong(SIZE + SIZE_BYTES - Long.BYTES, size);
        }
    }

    private static String octal(long number) {
        return String.format(Locale.ROOT, "%0" + OCTAL_DIGITS + "o", number);
    }

    private static void put(ByteBuffer header, int position, String ascii) {
        header.put(position, ascii.getBytes(StandardCharsets.US_ASCII));
    }

    /// The checksum counts as spaces itself.
    private static int checksum(byte[] header) {
        var counted = header.clone();
        Arrays.fill(counted, CHECKSUM, CHECKSUM + CHECKSUM_BYTES, (byte) ' ');
        int sum = 0;
        for (byte one : counted) {
            sum += Byte.toUnsignedInt(one);
        }
        return sum;
    }

    /// @return the size in a header that may be of this class; empty if it is not
    static OptionalLong size(byte[] header) {
        var digits = new String(header, SIZE, OCTAL_DIGITS, StandardCharsets.US_ASCII);
        return digits.matches("[0-7]{" + OCTAL_DIGITS + "}")
                ? OptionalLong.of(Long.parseLong(digits, 8))
                : OptionalLong.empty();
    }

    /// @return the zeros after a content of this size
    static int padding(long size) {
        return (int) Math.floorMod(-size, (long) BLOCK);
    }
}
