// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.member.MemberName;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// What a party-service is told besides what every service is told.
///
/// @param parties the parties of the computation; empty for all that the roster has
/// @param protocol the protocol that the VMs run, by the name that MP-SPDZ gives it; the same at every party. It
///     has no default, because what a client shows as VERIFIED rests on it
/// @param program the digest of the program that the VMs run, on which its parties agreed: 32 bytes in lower-case hex.
///     Clients compare it between the parties, and an input can be bound to it. Empty for none
/// @param canary the folder of canary runs that were passed, as `shareferry canary` writes them; a protocol with an
///     honest majority needs one before anything is delivered under its name
/// @param relay whom envelopes are submitted to
/// @param instance tells replicas of this service apart, each of which drops its own leftovers when it starts
/// @param chunkLimit the most bytes of shares in one chunk
/// @param handOversAtOnce how many hand-overs by REST with chunks of the largest size may be in progress, which bounds
///     memory; of smaller ones more. One caller may have half of that
/// @param handOverTimeout after which a hand-over in which nothing happens is dropped
/// @param inFlight how many requests with envelopes are made at the same time, at most
/// @param batchItems how many envelopes one request carries, at most
/// @param batchSize how many bytes one request carries, at most, unless one envelope has more
/// @param firstRetry the longest wait after the relay did not answer for the first time
/// @param lastRetry the longest wait before the relay is asked again
/// @param heldRetry how long to wait before a delivery is offered again that the relay refused for a cause that can be
///     mended
/// @param receiptWait how long the relay may keep a request for receipts waiting until there are some
/// @param retention how long sealed envelopes are kept after the end of their delivery
/// @param receiptRetention how long a delivery and its receipts are kept after its end; no shorter than neighbours
///     take its envelopes. Its id is never used again
/// @param keyRefresh how often clients' keys are fetched
/// @param keyWarning how long before the end of a client's last key to begin with warnings
@Validated
@ConfigurationProperties("shareferry.party")
public record PartyProperties(
        @DefaultValue
        List<@Pattern(regexp = "P(0|[1-9][0-9]{0,3})", message = "must be parties such as P0") String> parties,

        @NotNull(message = "must name the protocol that the VMs run, as MP-SPDZ calls it; there is no default")
        String protocol,

        @DefaultValue("") @Pattern(regexp = "([0-9a-f]{64})?", message = "must be 32 bytes in lower-case hex, or empty")
        String program,

        @DefaultValue("canary") @NotNull Path canary,

        @DefaultValue("R0") @Pattern(regexp = "R(0|[1-9][0-9]{0,3})", message = "must be a relay such as R0")
        String relay,

        @DefaultValue("main") @NotNull String instance,
        @DefaultValue("4MB") DataSize chunkLimit,
        @DefaultValue("8") @Min(1) @Max(1024) int handOversAtOnce,
        @DefaultValue("1h") Duration handOverTimeout,
        @DefaultValue("3") @Min(1) @Max(256) int inFlight,
        @DefaultValue("256") @Min(1) @Max(1024) int batchItems,
        @DefaultValue("8MB") DataSize batchSize,
        @DefaultValue("100ms") Duration firstRetry,
        @DefaultValue("2s") Duration lastRetry,
        @DefaultValue("15m") Duration heldRetry,
        @DefaultValue("30s") Duration receiptWait,
        @DefaultValue("7d") Duration retention,
        @DefaultValue("90d") Duration receiptRetention,
        @DefaultValue("10m") Duration keyRefresh,
        @DefaultValue("3d") Duration keyWarning) {
    public PartyProperties {
        parties = List.copyOf(parties);
    }

    /// @return the parties of the computation, ascending; empty for all that the roster has
    public List<MemberName> partyNames() {
        return parties.stream().map(MemberName::parse).sorted().toList();
    }

    /// @return the digest of the program, 32 bytes; empty where none is configured
    public Bytes programDigest() {
        return Bytes.fromHex(program);
    }

    /// @return whom envelopes are submitted to
    public MemberName relayName() {
        return MemberName.parse(relay);
    }
}
