// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

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

/// Settings of a client-service, in addition to those of every service.
///
/// @param parties The parties whose shares make a value, such as `P0,P1`. A delivery of other parties is refused.
/// @param partySets Further sets of parties, each with its own name and policy. The policy settings beside
///     `shareferry.client.parties` apply to those parties only.
/// @param keys The folder of the client's private opening keys.
/// @param keyValidity How long parties may seal to one opening key.
/// @param keyOverlap How long before the expiry of a key the next one is announced.
/// @param revokedKeys Ids of opening keys that are lost or stolen: 64 hex digits each. They are deleted and never
///     used again, even if a restored backup contains them.
/// @param activelySecureProtocols The protocols that this client accepts as secure if all parties but one cheat.
///     The default is the longest list that is allowed.
/// @param honestMajorityProtocols The protocols for which this client shows VERIFIED because it trusts that most
///     parties do not cheat. Only protocols that are secure against a cheating minority are allowed.
/// @param minThreshold The number of cheating parties that a protocol must tolerate for VERIFIED.
/// @param acceptUnverified The protocols that an input may name in `acceptUnverified`. If not set, all are allowed.
/// @param valueRetention How long the values of a delivery are kept after its check. Then they are deleted, with the
///     envelopes that they came in. The verdict, the label and the receipts stay. The default means for ever.
/// @param deliveryRetention How long a delivery that is not rejected is kept after its check. Then all of it is
///     deleted. The default means for ever.
/// @param evidenceRetention How long a rejected delivery is kept after its check, with its envelopes as evidence.
///     The default means for ever.
/// @param envelopeRetention How long other envelopes are kept after the check of their delivery, an incomplete
///     delivery after its expiry, and the masked values of an answer (these at least for
///     `shareferry.client.request-lifetime`). The signed answer is never deleted.
/// @param requestLifetime How long after its creation a request for inputs may be answered.
/// @param verdictMetrics Whether metrics tell how many results of each verdict there were in the last hour,
///     for an alert. Switch it on only if nobody else reads this client's metrics: who learns verdicts can
///     learn about values.
/// @param mode `push`: the relay connects to this client. `pull`: this client connects to the relay.
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
        @DefaultValue("1") @Min(1) @Max(255) int minThreshold,
        @Nullable Set<String> acceptUnverified,

        @NotNull @DurationMin @DefaultValue("36500d") Duration valueRetention,
        @NotNull @DurationMin @DefaultValue("36500d") Duration deliveryRetention,
        @NotNull @DurationMin @DefaultValue("36500d") Duration evidenceRetention,
        @NotNull @DurationMin @DefaultValue("30d") Duration envelopeRetention,
        @NotNull @DurationMin @DefaultValue("24h") Duration requestLifetime,
        @DefaultValue("false") boolean verdictMetrics,
        @DefaultValue("push") Mode mode) {
    public ClientProperties {
        partySets = Map.copyOf(partySets);
    }

    /// A set of parties and the policy for its results and inputs.
    ///
    /// @param parties The parties of this set.
    /// @param activelySecureProtocols As `shareferry.client.actively-secure-protocols`, for this set.
    /// @param honestMajorityProtocols As `shareferry.client.honest-majority-protocols`, for this set.
    /// @param minThreshold As `shareferry.client.min-threshold`, for this set.
    /// @param acceptUnverified As `shareferry.client.accept-unverified`, for this set.
    public record SetProperties(
            @NotEmpty List<MemberName> parties,

            @DefaultValue({"mascot", "mama", "spdz2k", "lowgear", "highgear"})
            Set<String> activelySecureProtocols,

            @DefaultValue Set<String> honestMajorityProtocols,
            @DefaultValue("1") @Min(1) @Max(255) int minThreshold,
            @Nullable Set<String> acceptUnverified) {
        /// @return the protocols that inputs may name in `acceptUnverified`; empty if all are allowed
        public Optional<Set<String>> acceptable() {
            return Optional.ofNullable(acceptUnverified).map(Set::copyOf);
        }
    }

    /// @return the policy for `parties`
    public SetProperties ownPolicy() {
        return new SetProperties(
                parties, activelySecureProtocols, honestMajorityProtocols, minThreshold, acceptUnverified);
    }

    /// @return ids of keys that must never be used
    public List<KeyId> revokedKeyIds() {
        return revokedKeys.stream().map(id -> new KeyId(Bytes.fromHex(id))).toList();
    }

    /// @return whether the key with this id must never be used
    public boolean isRevoked(KeyId id) {
        return revokedKeys.contains(id.toString());
    }

    /// Which side opens the connection.
    public enum Mode {
        /// The relay connects to this client.
        PUSH,
        /// This client connects to the relay.
        PULL
    }
}
