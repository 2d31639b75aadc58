// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.shareferry.keys.PrivateFile;

/// A new file for its owner only. When it is closed, its content is on disk.
final class SyncedFile extends FilterOutputStream {
    private final FileChannel channel;

    SyncedFile(Path file) throws IOException {
        this(FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PrivateFile.OWNER_ONLY));
    }

    private SyncedFile(FileChannel channel) {
        super(Channels.newOutputStream(channel));
        this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
        out.write(bytes, from, count);
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (channel.isOpen()) {
                channel.force(true);
            }
        }
    }
}
