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

/// Downloaded masked inputs. The bytes read here are the bytes that were hashed; they are never downloaded again.
/// The first part is in memory, the rest in the database. Closing it deletes them.
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

    /// @param expected the number of bytes in the answer
    Spool(SpoolStore store, long expected) {
        this.store = store;
        this.expected = expected;
    }

    /// Adds the next bytes.
    ///
    /// @throws IOException when there are more than expected
    synchronized void add(ByteBuffer bytes) throws IOException {
        size += bytes.remaining();
        if (isClosed || size > expected) {
            throw new IOException("There are more bytes than expected, or the download was aborted.");
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

    /// @param digest signed by the client
    /// @return whether the bytes are complete and have this digest
    boolean isComplete(Bytes digest) {
        return size == expected && hash.digest().equals(digest);
    }

    /// @return all bytes
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
