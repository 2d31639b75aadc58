// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.status;

import com.fasterxml.jackson.annotation.JsonValue;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.member.MemberName;
import org.shareferry.relay.dispatch.Reachability;

/// A client as its relay sees it.
///
/// @param name the client
/// @param mode which side opens the connection
/// @param reachable whether the last attempt to reach it succeeded; true if there was none yet, or if it connects
/// itself
/// @param lastContact when it last responded to a push or pulled; absent if it did not since the service started
/// @param failure why it cannot be reached
/// @param waiting bundles that wait for it
/// @param held bundles that it refused for a cause that can be fixed
/// @param oldest when the oldest waiting bundle became complete
/// @param key the key that parties seal to now; absent if it announced none that is valid
record ClientState(
        MemberName name,
        Mode mode,
        boolean reachable,
        Optional<Instant> lastContact,
        Optional<Failure> failure,
        long waiting,
        long held,
        Optional<Instant> oldest,
        Optional<Key> key) {
    /// Which side opens the connection.
    @Schema(name = "ClientMode")
    enum Mode {
        /// The relay connects to the client.
        PUSH,
        /// The client connects to the relay.
        PULL;

        @JsonValue
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param reason a sentence's end, such as `C0 did not respond in time`
    /// @param since when that began
    /// @param attempts the number of consecutive failed attempts
    /// @param nextTry the earliest time of the next attempt
    @Schema(name = "ClientFailure")
    record Failure(String reason, Instant since, int attempts, Instant nextTry) {
        static Failure of(Reachability.Failure failure) {
            return new Failure(failure.reason(), failure.since(), failure.attempts(), failure.until());
        }
    }

    /// @param announced when the client signed the announcement
    /// @param from when parties may begin to seal to the key
    /// @param until when the client's last announced key ends
    @Schema(name = "AnnouncedKeyDates")
    record Key(Instant announced, Instant from, Instant until) {}
}
