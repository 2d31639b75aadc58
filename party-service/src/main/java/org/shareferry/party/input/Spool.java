// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.util.Enumeration;
import java.util.UUID;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.crypto.Sha256;

/// Masked inputs as they were fetched. What is read here is what was hashed: they are never fetched again after that. A
/// part of them is in memory, the rest in the database. Closing it drops them.
public final class Spool implements AutoCloseable {
    private static final int PART = 1 << 20;

    private final SpoolStore store;
    private final long expected;
    private final String name = UUID.randomUUID().toString();
    private final Sha256 hash = Sha256.begin();
    private BytesOutput last = new BytesOutput(8 << 10);
    private int stored;
    private long size;
    private boolean isClosed;

    /// @param expected how many bytes belong to the answer
    Spool(SpoolStore store, long expected) {
        this.store = store;
        this.expected = expected;
    }

    /// Takes the next bytes.
    ///
    /// @throws IOException when there are more than belong to the answer
    synchronized void add(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        if (isClosed || size > expected) {
            throw new IOException("There are more bytes than belong to the answer, or it is given up.");
        }
        var content = new byte[bytes.remaining()];
        bytes.get(content);
        hash.add(content, 0, content.length);
        if (last.size() + content.length > PART) {
            store.add(name, stored++, last.written());
            last = new BytesOutput(PART);
        }
        last.writeBytes(content);
    }

    /// @param digest that the client signed
    /// @return whether these are the bytes that belong to the answer
    boolean isComplete(Bytes digest) {
        return size == expected && hash.digest().equals(digest);
    }

    /// @return all bytes from the first one on
    public InputStream open() {
        return new SequenceInputStream(new Enumeration<>() {
            private int next;

            @Override
            public boolean hasMoreElements() {
                return next <= stored;
            }

            @Override
            public InputStream nextElement() {
                var part = next < stored ? store.part(name, next) : last.written();
                next++;
                return part.stream();
            }
        });
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        while (stored > 0) {
            store.drop(name, --stored);
        }
    }
}
