// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import java.time.Instant;
import java.util.Optional;
import org.shareferry.member.MemberName;

/// A party as its relay sees it.
///
/// @param name the party
/// @param lastEnvelope when its last envelope was stored; absent if none was since the service started
/// @param bytes that it has stored here
/// @param quota the most bytes that it may store
record PartyState(MemberName name, Optional<Instant> lastEnvelope, long bytes, long quota) {}
