// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.https;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Receives a response body in parts, so that it is never in memory as a whole. The body is read no faster than the
/// sink accepts it. If a request is repeated because the connection broke, the sink gets only the last response.
@FunctionalInterface
public interface AnswerSink {
    /// @param part the next bytes of the body; the sink must consume all of them
    /// @throws IOException to abort the response
    void take(ByteBuffer part) throws IOException;
}
