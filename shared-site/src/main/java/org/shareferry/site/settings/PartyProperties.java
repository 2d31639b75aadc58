// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Settings of a party-service, in addition to those of every service.
///
/// @param parties The parties of the computation, such as `P0,P1`. Empty means all parties of the roster.
/// @param protocol The protocol that the VMs run, by its MP-SPDZ name, the same at every party. There is no default
///     because a VERIFIED result depends on it.
/// @param program The digest of the program that the VMs run, as agreed by its parties: 32 bytes in lower-case hex,
///     or empty for none. Clients compare it between the parties, and an input can be bound to it.
/// @param canary The folder with the records of passed canary runs, as `shareferry canary` writes them. A protocol
///     with an honest majority needs one before anything is delivered under its name.
/// @param relay The relay that takes this party's envelopes, such as `R0`.
/// @param instance The name of this replica. Each replica has its own name and drops its own unfinished hand-overs
///     when it starts.
/// @param chunkLimit The most bytes of shares in one chunk.
/// @param maxHandOvers How many hand-overs by REST with chunks of the largest size may be in progress at a time,
///     which bounds memory. Smaller ones count for less. One caller may use half.
/// @param handOverTimeout A hand-over without progress for this time is dropped.
/// @param requestsInFlight The most requests with envelopes that are made to the relay at the same time.
/// @param batchItems The most envelopes in one request to the relay.
/// @param batchSize The most bytes in one request to the relay. A single envelope may be larger.
/// @param minBackoff The longest wait before the first retry of a request to the relay.
/// @param maxBackoff The longest wait between two attempts to reach the relay.
/// @param heldRetry The interval between two offers of a held delivery, which the relay refused for a cause that
///     can be fixed.
/// @param receiptPollTimeout How long the relay may hold a request for receipts open until there is one.
/// @param retention How long sealed envelopes are kept after the end of their delivery.
/// @param receiptRetention How long a delivery and its receipts are kept after its end. Neighbours must not accept
///     its envelopes for longer. Its id is never used again.
/// @param keyRefreshInterval The interval between two fetches of the clients' keys.
/// @param keyExpiryWarning How long before the end of a client's last key warnings begin.
@Validated
@ConfigurationProperties("shareferry.party")
public record PartyProperties(
        @DefaultValue List<MemberName> parties,

        @NotNull(message = "must name the protocol that the VMs run, as MP-SPDZ calls it; there is no default")
        Protocol protocol,

        @DefaultValue("") @Pattern(regexp = "([0-9a-f]{64})?", message = "must be 32 bytes in lower-case hex, or empty")
        String program,

        @DefaultValue("canary") @NotNull Path canary,

        @DefaultValue("R0") @NotNull MemberName relay,

        @DefaultValue("main") @NotNull String instance,
        @DefaultValue("4MB") DataSize chunkLimit,
        @DefaultValue("8") @Min(1) @Max(1024) int maxHandOvers,
        @DefaultValue("1h") Duration handOverTimeout,
        @DefaultValue("3") @Min(1) @Max(256) int requestsInFlight,
        @DefaultValue("256") @Min(1) @Max(1024) int batchItems,
        @DefaultValue("8MB") DataSize batchSize,
        @DefaultValue("100ms") Duration minBackoff,
        @DefaultValue("2s") Duration maxBackoff,
        @DefaultValue("15m") Duration heldRetry,
        @DefaultValue("30s") Duration receiptPollTimeout,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("90d") Duration receiptRetention,
        @DefaultValue("10m") Duration keyRefreshInterval,
        @DefaultValue("3d") Duration keyExpiryWarning) {
    public PartyProperties {
        parties = parties.stream().sorted().toList();
    }

    @AssertTrue(message = "parties must be parties such as P0, and relay a relay such as R0")
    boolean isPartiesAndRelayOfTheirRoles() {
        return relay.role() == Role.RELAY && parties.stream().allMatch(name -> name.role() == Role.PARTY);
    }

    /// @return the digest of the program, 32 bytes; empty if none is configured
    public Bytes programDigest() {
        return Bytes.fromHex(program);
    }
}
