// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.batch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.member.Standing;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;

/// A CBOR sequence (RFC 8742) of byte strings of definite length, one for each item. Each string contains the
/// encoding of one item, so a malformed item does not affect the others.
public final class CborSequence {
    /// RFC 8742 §6.2.
    public static final String MEDIA_TYPE = "application/cbor-seq";

    /// The maximum number of items in a sequence. Further items are not read and have no outcome. Without this
    /// limit the answer to many tiny items would be many times larger than the request.
    public static final int MOST_ITEMS = 1_024;

    private static final int BYTE_STRING = 0x40;
    private static final int LENGTH_OF_8_BYTES = 27;

    private final InputStream in;
    private final int limit;
    private final int most;
    private boolean atEnd;
    private int count;

    /// @param in the sequence, read item by item
    /// @param limit the maximum number of bytes of an item; a longer one is skipped
    public CborSequence(InputStream in, int limit) {
        this(in, limit, MOST_ITEMS);
    }

    /// @param in the sequence, read item by item
    /// @param limit the maximum number of bytes of an item; a longer one is skipped
    /// @param most the maximum number of items to read
    public CborSequence(InputStream in, int limit, int most) {
        this.in = in;
        this.limit = limit;
        this.most = most;
    }

    /// One item of the sequence.
    public sealed interface Item {}

    /// @param content the item's encoding
    public record Whole(Bytes content) implements Item {}

    /// An item that cannot be judged.
    ///
    /// @param problem why
    public record Unreadable(Problem problem) implements Item {}

    /// @return the head of a byte string (RFC 8949 §3.1), in its shortest form
    public static Bytes head(long size) {
        int following = size < 24 ? 0 : size < 1L << 8 ? 1 : size < 1L << 16 ? 2 : size < 1L << 32 ? 4 : 8;
        if (following == 0) {
            return Bytes.of((byte) (BYTE_STRING + size));
        }
        var length = ByteBuffer.allocate(Long.BYTES).putLong(size).array();
        var head = new byte[1 + following];
        head[0] = (byte) (BYTE_STRING + LENGTH_OF_8_BYTES - 3 + Integer.numberOfTrailingZeros(following));
        System.arraycopy(length, Long.BYTES - following, head, 1, following);
        return Bytes.of(head);
    }

    /// @return the whole sequence in pieces, without a copy of the items
    public static List<Bytes> pieces(List<BatchItem> items) {
        var pieces = new ArrayList<Bytes>();
        for (var item : items) {
            pieces.add(head(item.size()));
            pieces.addAll(item.pieces());
        }
        return pieces;
    }

    /// Reads the next items.
    ///
    /// @param most the maximum number of items
    /// @param bytes stop once this many bytes are read
    /// @return at least one; none at the end of the sequence or after the maximum number of items
    /// @throws ProblemException when the sequence is cut off
    public List<Item> next(int most, long bytes) {
        var items = new ArrayList<Item>();
        long read = 0;
        while (items.size() < most && read < bytes) {
            var item = next();
            if (item.isEmpty()) {
                break;
            }
            items.add(item.get());
            read += item.get() instanceof Whole(Bytes content) ? content.size() : 0;
        }
        return items;
    }

    private Optional<Item> next() {
        if (count++ >= most) {
            return Optional.empty();
        }
        try {
            int first = atEnd ? -1 : in.read();
            return first < 0 ? Optional.empty() : Optional.of(item(first));
        } catch (IOException e) {
            if (Standing.isEnd(e)) {
                throw new UncheckedIOException(e);
            }
            throw cutOff();
        }
    }

    /// After anything that is not a byte string nothing more is read, because its end is unknown.
    private Item item(int first) throws IOException {
        int form = first - BYTE_STRING;
        if (form < 0 || form > LENGTH_OF_8_BYTES) {
            atEnd = true;
            return new Unreadable(Problem.of(
                    ProblemType.REQUEST_MALFORMED,
                    "An item of the CBOR sequence is not a byte string of definite length. The items after it were"
                            + " not read."));
        }
        long size = form < 24 ? form : length(1 << (form - 24));
        if (size < 0 || size > limit) {
            in.skipNBytes(size & Long.MAX_VALUE);
            return new Unreadable(
                    Problem.of(ProblemType.BODY_TOO_LARGE, "The item has more than " + limit + " bytes."));
        }
        var content = in.readNBytes((int) size);
        if (content.length < size) {
            throw cutOff();
        }
        return new Whole(Bytes.of(content));
    }

    private long length(int bytes) throws IOException {
        var read = in.readNBytes(bytes);
        if (read.length < bytes) {
            throw cutOff();
        }
        long length = 0;
        for (byte next : read) {
            length = length << Byte.SIZE | next & 0xff;
        }
        return length;
    }

    private static ProblemException cutOff() {
        return new ProblemException(
                Problem.of(ProblemType.BODY_DAMAGED, "The CBOR sequence ends in the middle of an item."));
    }
}
