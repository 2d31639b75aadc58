// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/// The subset of DER (X.690 §10) that names and keys need: tags of one byte, lengths of up to three.
final class DerCodec {
    private DerCodec() {}

    /// One element.
    ///
    /// @param tag including its class, in one byte
    /// @param content of the element
    record Element(int tag, ByteBuffer content) {}

    /// Reads the next element and advances past it.
    ///
    /// @throws IllegalArgumentException when there is none
    static Element read(ByteBuffer in) {
        try {
            int tag = in.get() & 0xff;
            int length = length(in);
            var content = in.slice(in.position(), length);
            in.position(in.position() + length);
            return new Element(tag, content);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException("Invalid DER.", e);
        }
    }

    private static int length(ByteBuffer in) {
        int first = in.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int bytes = first & 0x7f;
        if (bytes == 0 || bytes > 3) {
            throw new IllegalArgumentException("Invalid DER.");
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | in.get() & 0xff;
        }
        return length;
    }

    /// @return an element with these parts as content
    static byte[] write(int tag, byte[]... parts) {
        int length = 0;
        for (var part : parts) {
            length += part.length;
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        writeLength(out, length);
        for (var part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static void writeLength(ByteArrayOutputStream out, int length) {
        if (length < 0x80) {
            out.write(length);
            return;
        }
        int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
        out.write(0x80 | bytes);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            out.write(length >> shift);
        }
    }
}
