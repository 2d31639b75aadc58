// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import java.util.Locale;

/// What can be measured, in the order in which it is.
enum Row {
    /// Sealing, signing, verifying, opening and checking in this process.
    FLOOR,
    /// All services ready.
    START,
    /// A bare request over mutual TLS.
    WIRE,
    /// One one-value delivery at a time.
    LATENCY,
    /// One-value deliveries, 64 in flight.
    SMALL,
    /// From hand-over to the client's receipt at all parties.
    RECEIPTS,
    /// A delivery of ten values from a VM.
    DELIVER,
    /// Many values.
    BULK,
    /// How costs grow with values, parties and history.
    GROWTH,
    /// Requests for deliveries that wait for a client.
    STUCK,
    /// How soon deliveries arrive that waited for relay or client.
    OUTAGE,
    /// Twenty thousand deliveries that waited for the client.
    BACKLOG;

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
