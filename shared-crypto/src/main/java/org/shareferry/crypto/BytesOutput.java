// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.crypto;

import java.io.ByteArrayOutputStream;

/// Collects public bytes and copies them only once.
public final class BytesOutput extends ByteArrayOutputStream {
    /// @param expected the expected number of bytes, or slightly more; only a hint
    public BytesOutput(int expected) {
        super(expected);
    }

    /// @return all written bytes
    public Bytes written() {
        return Bytes.ofRange(buf, 0, count);
    }
}
