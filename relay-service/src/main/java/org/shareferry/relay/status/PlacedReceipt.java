// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Kind;

/// A client's receipt and the place that it is for.
///
/// @param kind of the place
/// @param index of the place
/// @param receipt as the client signed it
/// @param signature the client's
public record PlacedReceipt(Kind kind, int index, Bytes receipt, Bytes signature) {}
