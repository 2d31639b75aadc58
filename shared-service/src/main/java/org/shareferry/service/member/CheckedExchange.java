// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/// A request and its answer. Each part is read or written only while the caller's certificate is accepted.
final class CheckedExchange {
    private final Standing standing;

    CheckedExchange(Standing standing) {
        this.standing = standing;
    }

    HttpServletRequest request(HttpServletRequest request) {
        return new CheckedRequest(request);
    }

    HttpServletResponse response(HttpServletResponse response) {
        return new CheckedResponse(response);
    }

    private final class CheckedRequest extends HttpServletRequestWrapper {
        CheckedRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public ServletInputStream getInputStream() throws IOException {
            return new CheckedInput(super.getInputStream());
        }

        @Override
        public BufferedReader getReader() throws IOException {
            return new BufferedReader(new InputStreamReader(getInputStream(), StandardCharsets.UTF_8));
        }
    }

    private final class CheckedInput extends ServletInputStream {
        private final ServletInputStream stream;

        CheckedInput(ServletInputStream stream) {
            this.stream = stream;
        }

        @Override
        public int read() throws IOException {
            int next = stream.read();
            standing.require();
            return next;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            int size = stream.read(target, offset, length);
            standing.require();
            return size;
        }

        @Override
        public boolean isFinished() {
            return stream.isFinished();
        }

        @Override
        public boolean isReady() {
            return stream.isReady();
        }

        @Override
        public void setReadListener(ReadListener listener) {
            stream.setReadListener(listener);
        }
    }

    private final class CheckedResponse extends HttpServletResponseWrapper {
        CheckedResponse(HttpServletResponse response) {
            super(response);
        }

        @Override
        public ServletOutputStream getOutputStream() throws IOException {
            return new CheckedOutput(super.getOutputStream());
        }

        /// Only short texts are written this way, so one check is enough.
        @Override
        public PrintWriter getWriter() throws IOException {
            standing.require();
            return super.getWriter();
        }

        @Override
        public void flushBuffer() throws IOException {
            standing.require();
            super.flushBuffer();
        }
    }

    private final class CheckedOutput extends ServletOutputStream {
        private final ServletOutputStream stream;

        CheckedOutput(ServletOutputStream stream) {
            this.stream = stream;
        }

        @Override
        public void write(int next) throws IOException {
            standing.require();
            stream.write(next);
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            standing.require();
            stream.write(source, offset, length);
        }

        @Override
        public void flush() throws IOException {
            standing.require();
            stream.flush();
        }

        @Override
        public void close() throws IOException {
            standing.require();
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
