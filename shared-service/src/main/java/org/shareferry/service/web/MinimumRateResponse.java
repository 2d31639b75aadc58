// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.web;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/// A response that is aborted if its caller reads it too slowly. The container aborts it only if nothing at all is
/// read for a while.
final class MinimumRateResponse extends HttpServletResponseWrapper {
    /// The largest single write. The container blocks until a write is complete, however long that takes.
    private static final int PIECE = 16 << 10;

    private final MinimumRate pace;

    MinimumRateResponse(HttpServletResponse response, MinimumRate pace) {
        super(response);
        this.pace = pace;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        return new MinimumRateStream(super.getOutputStream());
    }

    /// @throws IOException when the caller is too slow
    void requireTaken() throws IOException {
        if (pace.isTooSlow()) {
            throw new IOException("The caller reads the answer too slowly.");
        }
    }

    private final class MinimumRateStream extends ServletOutputStream {
        private final ServletOutputStream stream;

        MinimumRateStream(ServletOutputStream stream) {
            this.stream = stream;
        }

        private void step(MinimumRate.Step step) throws IOException {
            requireTaken();
            pace.measure(step);
            requireTaken();
        }

        @Override
        public void write(int next) throws IOException {
            step(() -> {
                stream.write(next);
                return 1;
            });
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += PIECE) {
                int from = offset + done;
                int size = Math.min(PIECE, length - done);
                step(() -> {
                    stream.write(source, from, size);
                    return size;
                });
            }
        }

        @Override
        public void flush() throws IOException {
            step(() -> {
                stream.flush();
                return 0;
            });
        }

        @Override
        public void close() throws IOException {
            stream.close();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            stream.setWriteListener(listener);
        }
    }
}
