// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.evidence;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.envelope.Envelope;

/// A file of `GET /v1/results/{id}/evidence`: a CBOR sequence (RFC 8742) of byte strings, a name and then envelopes.
/// One envelope at a time is in memory.
final class EvidenceFile implements AutoCloseable {
    private static final String NAME = "shareferry evidence v1";
    private static final int LARGEST = 16 << 20;

    private final String file;
    private final DataInputStream in;

    EvidenceFile(Path file) throws IOException, MalformedException {
        this.file = file.toString();
        this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)));
        if (!item().filter(Bytes.of(NAME.getBytes(StandardCharsets.US_ASCII))::equals)
                .isPresent()) {
            in.close();
            throw new MalformedException(file + " is not a file of evidence: it does not begin with its name.");
        }
    }

    /// @return the next envelope; nothing at the end
    Optional<Envelope> next() throws IOException, MalformedException {
        var item = item();
        return item.isEmpty() ? Optional.empty() : Optional.of(Envelope.decode(item.get()));
    }

    private Optional<Bytes> item() throws IOException, MalformedException {
        int head = in.read();
        if (head < 0) {
            return Optional.empty();
        }
        try {
            long size = size(head);
            if (size < 0 || size > LARGEST) {
                throw new MalformedException(file + " is not a file of evidence: it has more than byte strings.");
            }
            var content = new byte[(int) size];
            in.readFully(content);
            return Optional.of(Bytes.of(content));
        } catch (EOFException e) {
            throw new MalformedException(file + " ends in the middle of an envelope; download it again.");
        }
    }

    /// RFC 8949 §3: the head of a byte string.
    private long size(int head) throws IOException {
        return switch (head) {
            case 0x58 -> in.readUnsignedByte();
            case 0x59 -> in.readUnsignedShort();
            case 0x5a -> Integer.toUnsignedLong(in.readInt());
            default -> head >= 0x40 && head < 0x58 ? head - 0x40 : -1;
        };
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
