// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.mpspdz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;

/// The messages of a captured dialog, in order: each a direction (`<` from the VM, `>` to it), a uint32
/// length and as many bytes.
final class CapturedFrames {
    private static final int HEAD = 5;

    private final String name;
    private final ByteBuffer rest;
    private int number = -1;

    CapturedFrames(String name, Bytes file) {
        this.name = name;
        this.rest = ByteBuffer.wrap(file.toArray()).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasNext() {
        return rest.hasRemaining();
    }

    boolean nextIsToVm() {
        return rest.hasRemaining() && rest.get(rest.position()) == '>';
    }

    Frame fromVm(String what) throws MalformedException {
        return next('<', what);
    }

    Frame toVm(String what) throws MalformedException {
        return next('>', what);
    }

    private Frame next(char direction, String what) throws MalformedException {
        number++;
        if (rest.remaining() < HEAD) {
            throw malformed("the capture ends before " + what);
        }
        if (rest.get() != direction) {
            throw malformed("expected " + what + " in the other direction");
        }
        int length = rest.getInt();
        if (length < 0 || length > rest.remaining()) {
            throw malformed("the capture ends in the middle of " + what);
        }
        var content = new byte[length];
        rest.get(content);
        return new Frame(what, content);
    }

    MalformedException malformed(String what) {
        var text = what.endsWith(".") ? what.substring(0, what.length() - 1) : what;
        return new MalformedException("Message " + number + " of " + name + ": " + text + ".");
    }

    static SecretBytes key(long first, long second) {
        return SecretBytes.takeOver(ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(first)
                .putLong(second)
                .array());
    }

    /// One message.
    final class Frame {
        private final String what;
        private final byte[] content;

        private Frame(String what, byte[] content) {
            this.what = what;
            this.content = content;
        }

        Bytes bytes() {
            return Bytes.of(content);
        }

        Bytes bytes(int size) throws MalformedException {
            check(size);
            return Bytes.of(content);
        }

        SecretBytes secret(int size) throws MalformedException {
            check(size);
            return SecretBytes.takeOver(content);
        }

        /// @param counts the allowed numbers of words
        List<Long> words(int... counts) throws MalformedException {
            int count = Arrays.stream(counts)
                    .filter(allowed -> content.length == Long.BYTES * allowed)
                    .findFirst()
                    .orElse(counts[0]);
            check(Long.BYTES * count);
            var buffer = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
            var words = new ArrayList<Long>(count);
            while (buffer.hasRemaining()) {
                words.add(buffer.getLong());
            }
            return words;
        }

        private void check(int size) throws MalformedException {
            if (content.length != size) {
                throw malformed("expected " + size + " bytes for " + what + ", not " + content.length);
            }
        }
    }
}
