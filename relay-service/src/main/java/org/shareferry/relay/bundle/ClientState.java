// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.bundle;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.member.MemberName;

/// A client as its relay sees it.
///
/// @param name the client
/// @param mode push: the relay connects to it; pull: it connects to the relay
/// @param reachable whether the last try to reach it succeeded; true for one that was not tried yet or connects itself
/// @param lastContact when it last took bundles or asked for them; absent if it did not since the service started
/// @param trouble why it cannot be reached
/// @param waiting bundles that wait for it
/// @param held bundles that it refused for a cause that can be fixed
/// @param oldest since when the oldest waiting bundle waits
/// @param key the key that parties seal to now; absent if it announced none that is valid
record ClientState(
        MemberName name,
        @Schema(allowableValues = {"push", "pull"}) String mode,
        boolean reachable,
        Optional<Instant> lastContact,
        Optional<Trouble> trouble,
        long waiting,
        long held,
        Optional<Instant> oldest,
        Optional<Key> key) {
    /// @param reason a sentence's end, such as `C0 did not respond in time`
    /// @param since when that began
    /// @param failures how many tries failed in a row
    /// @param nextTry not tried before
    @Schema(name = "ClientTrouble")
    record Trouble(String reason, Instant since, int failures, Instant nextTry) {
        static Trouble of(Reachability.Trouble trouble) {
            return new Trouble(trouble.reason(), trouble.since(), trouble.failures(), trouble.until());
        }
    }

    /// @param announced when the client signed the announcement
    /// @param from when parties may begin to seal to the key
    /// @param until when the client's last announced key ends
    @Schema(name = "AnnouncedKeyDates")
    record Key(Instant announced, Instant from, Instant until) {}
}
