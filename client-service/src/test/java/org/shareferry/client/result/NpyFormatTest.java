// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.shareferry.delivery.Domain;
import org.shareferry.share.DecodedValues;

/// Files as numpy.load reads them. The heads were compared with numpy.save's (NumPy 1.24).
class NpyFormatTest {
    private static final DecodedValues INTEGERS = new DecodedValues(new Domain.Ring(128, 64), 0);
    private static final DecodedValues WIDE = new DecodedValues(new Domain.Ring(192, 128), 0);
    private static final DecodedValues FIXED = new DecodedValues(new Domain.Ring(128, 64), 16);

    private record File(String head, ByteBuffer body) {}

    private static File file(DecodedValues decoded, String... integers) throws IOException {
        var raw = ByteBuffer.allocate(integers.length * decoded.rawSize());
        for (var text : integers) {
            raw.put(littleEndian(new BigInteger(text), decoded.rawSize()));
        }
        var format = new NpyFormat(decoded);
        var out = new ByteArrayOutputStream();
        format.look(raw.array());
        format.writeHead(integers.length, out);
        format.write(raw.array(), out);

        var bytes = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        var magic = new byte[8];
        bytes.get(magic);
        assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        var head = new byte[bytes.getShort()];
        bytes.get(head);
        assertThat(bytes.position() % 64).isZero();
        assertThat(head[head.length - 1]).isEqualTo((byte) '\n');
        return new File(new String(head, StandardCharsets.US_ASCII).strip(), bytes);
    }

    private static byte[] littleEndian(BigInteger integer, int size) {
        var bytes = new byte[size];
        Arrays.fill(bytes, (byte) (integer.signum() < 0 ? 0xff : 0));
        var bigEndian = integer.toByteArray();
        for (int i = 0; i < bigEndian.length; i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return bytes;
    }

    private static List<Long> longs(File file) {
        return LongStream.generate(file.body()::getLong)
                .limit(file.body().remaining() / Long.BYTES)
                .boxed()
                .toList();
    }

    @Test
    void integers_of_64_bits_are_int64() throws Exception {
        var file = file(INTEGERS, "9007199254740993", "-1", "9223372036854775807", "-9223372036854775808");

        assertThat(file.head()).isEqualTo("{'descr': '<i8', 'fortran_order': False, 'shape': (4,), }");
        assertThat(longs(file)).containsExactly(9007199254740993L, -1L, Long.MAX_VALUE, Long.MIN_VALUE);
    }

    @Test
    void small_integers_of_a_wide_ring_are_int64_and_one_large_one_makes_limbs_of_all() throws Exception {
        assertThat(longs(file(WIDE, "7", "-7"))).containsExactly(7L, -7L);

        var file = file(WIDE, "9223372036854775808", "-1");

        assertThat(file.head()).isEqualTo("{'descr': '<u8', 'fortran_order': False, 'shape': (2, 2), }");
        assertThat(longs(file)).containsExactly(Long.MIN_VALUE, 0L, -1L, -1L);
    }

    @Test
    void fixed_point_is_float64_where_every_value_is_exact() throws Exception {
        var file = file(FIXED, "98304", "-1", "0");

        assertThat(file.head()).isEqualTo("{'descr': '<f8', 'fortran_order': False, 'shape': (3,), }");
        assertThat(file.body().getDouble()).isEqualTo(1.5);
        assertThat(file.body().getDouble()).isEqualTo(-0x1p-16);
        assertThat(file.body().getDouble()).isZero();
    }

    @Test
    void fixed_point_that_a_double_would_round_is_limbs_of_its_integers() throws Exception {
        var file = file(FIXED, "9007199254740993", "1");

        assertThat(file.head()).isEqualTo("{'descr': '<u8', 'fortran_order': False, 'shape': (2, 1), }");
        assertThat(longs(file)).containsExactly(9007199254740993L, 1L);
    }
}
