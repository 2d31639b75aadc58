// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.https;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes an answer's body part by part, so that it is never in memory as a whole. The answer is read no faster than
/// this takes it. If a request has to be repeated because the connection broke before its answer, only the last answer
/// is taken.
@FunctionalInterface
public interface AnswerSink {
    /// @param part the next bytes of the body; all of them are to be taken
    /// @throws IOException to give the answer up
    void take(ByteBuffer part) throws IOException;
}
