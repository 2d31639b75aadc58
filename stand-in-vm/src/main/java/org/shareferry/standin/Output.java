// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;

/// One party's shares of one delivery.
public interface Output {
    /// @return the client's number
    int recipient();

    /// @return what accompanies the values
    Scheme scheme();

    /// @return count and chunks
    Shape shape();

    /// @return f, in bits
    int precision();

    /// @return the application's number for it
    long label();

    /// @param place of values, a tail or masks
    /// @return the party's shares as a VM writes them, in the whole domain; the caller closes them
    SecretBytes elements(Place place);
}
