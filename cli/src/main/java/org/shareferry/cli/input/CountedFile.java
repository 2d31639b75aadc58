// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.input;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.shareferry.cli.output.Progress;

/// Shows how much of a large input was sent.
final class CountedFile extends FilterInputStream {
    private static final long STEP = 4L << 20;

    private final Progress progress;
    private long read;
    private long next = STEP;

    CountedFile(InputStream in, Progress progress) {
        super(in);
        this.progress = progress;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        count(one < 0 ? 0 : 1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int size = super.read(target, offset, length);
        count(Math.max(size, 0));
        return size;
    }

    private void count(int size) {
        read += size;
        if (read >= next) {
            progress.report((read >> 20) + " MiB sent");
            next = read + STEP;
        }
    }
}
