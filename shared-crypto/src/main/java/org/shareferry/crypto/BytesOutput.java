// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.io.ByteArrayOutputStream;

/// Collects public bytes, and copies them once.
public final class BytesOutput extends ByteArrayOutputStream {
    /// @param expected how many bytes come, or a little more; it is no error if it was wrong
    public BytesOutput(int expected) {
        super(expected);
    }

    /// @return all that was written
    public Bytes written() {
        return Bytes.ofRange(buf, 0, count);
    }
}
