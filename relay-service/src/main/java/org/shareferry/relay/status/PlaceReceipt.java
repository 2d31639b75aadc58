// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Kind;

/// A client's receipt for a place.
///
/// @param kind of the place
/// @param index of the place
/// @param receipt the signed bytes
/// @param signature of the client
public record PlaceReceipt(Kind kind, int index, Bytes receipt, Bytes signature) {}
