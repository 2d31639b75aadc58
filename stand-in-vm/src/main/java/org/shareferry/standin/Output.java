// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;

/// One party's shares of one delivery.
public interface Output {
    /// @return the client's number
    int recipient();

    /// @return the scheme
    Scheme scheme();

    /// @return count and chunks
    Shape shape();

    /// @return f, in bits
    int precision();

    /// @return the label
    long label();

    /// @return bits of an input's integers; 0 for deliveries
    default int bits() {
        return 0;
    }

    /// @param chunk its index
    /// @return the party's shares of the chunk's values in the whole domain; the caller closes them
    SecretBytes elements(int chunk);

    /// @param chunk its index
    /// @return its shares of the elements after the values: r, v, u in batched, the masks after the last chunk in
    ///     committed, otherwise none; the caller closes them
    SecretBytes checkElements(int chunk);
}
