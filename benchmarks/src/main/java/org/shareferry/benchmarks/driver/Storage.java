// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import org.shareferry.cli.CommandException;

/// How long the machine takes to make a write durable.
final class Storage {
    private static final int WRITES = 200;
    private static final int PAGE = 4096;

    private Storage() {}

    /// @param folder on the disk in question
    /// @return seconds for writing a page at the end of a file and fsync, the median
    static double secondsPerCommit(Path folder) throws CommandException {
        var file = folder.resolve("fsync");
        var seconds = new ArrayList<Double>();
        try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int i = 0; i < WRITES; i++) {
                long begin = System.nanoTime();
                channel.write(ByteBuffer.allocate(PAGE));
                channel.force(false);
                seconds.add((System.nanoTime() - begin) / 1e9);
            }
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written; check the disk.", e);
        }
        deleteQuietly(file);
        return Samples.of(seconds).median();
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The whole folder goes at the end.
        }
    }
}
