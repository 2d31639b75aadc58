// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.resultclient;

import java.io.IOException;
import java.math.BigDecimal;

/// Takes values one by one.
@FunctionalInterface
public interface ValueSink {
    /// @param index from 0 on
    /// @param value exact
    /// @throws IOException to end the reading
    void accept(long index, BigDecimal value) throws IOException;
}
