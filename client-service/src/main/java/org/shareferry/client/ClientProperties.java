// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.KeyId;
import org.shareferry.member.MemberName;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// What a client is told.
///
/// @param parties the parties whose shares make a value; a delivery that names other parties is refused
/// @param partySets further sets of parties by names of their own, each with its own policy; the settings of the policy
///     beside `parties` are for those alone
/// @param keys the folder of its private opening keys
/// @param keyValidity how long parties may seal to one key
/// @param keyOverlap how long before a key's end the next one is announced
/// @param revokedKeys ids of opening keys that others may have, or that are lost. They are deleted, with their
///     files, and never used again, also if a restored backup brings them back
/// @param activelySecureProtocols protocols that this client takes for secure although all parties but one
///     cheat; some or all of those by default, no others
/// @param honestMajorityProtocols protocols under which this client shows VERIFIED because it trusts that most parties
///     do not cheat; none by default, and only such that are secure against a cheating minority
/// @param mostCorrupt how many corrupt parties a protocol must bear for VERIFIED
/// @param acceptUnverified protocols that inputs may name in `acceptUnverified`; any when not set
/// @param valueRetention how long the values of a delivery are kept after its check; then the delivery is deleted. The
///     default of a hundred years means for ever
/// @param evidenceRetention how long a rejected delivery is kept after its check, with its envelopes as evidence. The
///     default of a hundred years means for ever
/// @param envelopeRetention how long the envelopes of a delivery that was not rejected are kept after its check; how
///     long a delivery that did not become whole is kept after its expiry; and how long the masked values of an answer
///     are kept, though not shorter than `requestLifetime`. The signed answer itself is never deleted
/// @param requestLifetime how long after its making a request for inputs may be answered
/// @param mode whether the relay dials this client, or this client the relay
@Validated
@ConfigurationProperties("shareferry.client")
public record ClientProperties(
        @NotEmpty List<MemberName> parties,
        @DefaultValue Map<String, @Valid SetProperties> partySets,
        @NotNull Path keys,
        @DefaultValue("30d") Duration keyValidity,
        @DefaultValue("7d") Duration keyOverlap,

        @DefaultValue Set<@Pattern(regexp = "[0-9a-f]{64}", message = "must be ids of keys") String> revokedKeys,

        @DefaultValue({"mascot", "mama", "spdz2k", "lowgear", "highgear"})
        Set<String> activelySecureProtocols,

        @DefaultValue Set<String> honestMajorityProtocols,
        @DefaultValue("1") @Min(1) @Max(255) int mostCorrupt,
        @Nullable Set<String> acceptUnverified,

        @NotNull @DurationMin @DefaultValue("36500d") Duration valueRetention,
        @NotNull @DurationMin @DefaultValue("36500d") Duration evidenceRetention,
        @NotNull @DurationMin @DefaultValue("30d") Duration envelopeRetention,
        @NotNull @DurationMin @DefaultValue("24h") Duration requestLifetime,
        @DefaultValue("push") Mode mode) {
    public ClientProperties {
        partySets = Map.copyOf(partySets);
    }

    /// A set of parties and by what its results and inputs are judged.
    ///
    /// @param parties the parties
    /// @param activelySecureProtocols as for the client's first set
    /// @param honestMajorityProtocols as for the client's first set
    /// @param mostCorrupt as for the client's first set
    /// @param acceptUnverified as for the client's first set
    public record SetProperties(
            @NotEmpty List<MemberName> parties,

            @DefaultValue({"mascot", "mama", "spdz2k", "lowgear", "highgear"})
            Set<String> activelySecureProtocols,

            @DefaultValue Set<String> honestMajorityProtocols,
            @DefaultValue("1") @Min(1) @Max(255) int mostCorrupt,
            @Nullable Set<String> acceptUnverified) {
        /// @return what inputs may name in `acceptUnverified`; empty for anything
        Optional<Set<String>> acceptable() {
            return Optional.ofNullable(acceptUnverified).map(Set::copyOf);
        }
    }

    /// @return the policy for `parties`
    SetProperties ownPolicy() {
        return new SetProperties(
                parties, activelySecureProtocols, honestMajorityProtocols, mostCorrupt, acceptUnverified);
    }

    /// @return ids of keys that must never be used
    public List<KeyId> revokedKeyIds() {
        return revokedKeys.stream().map(id -> new KeyId(Bytes.fromHex(id))).toList();
    }

    /// @return whether the key with this id must never be used
    public boolean isRevoked(KeyId id) {
        return revokedKeys.contains(id.toString());
    }

    /// Who dials.
    public enum Mode {
        /// The relay dials this client.
        PUSH,
        /// This client dials the relay.
        PULL
    }
}
