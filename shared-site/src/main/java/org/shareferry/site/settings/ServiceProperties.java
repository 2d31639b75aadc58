// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.shareferry.member.MemberName;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/// Settings of every service: its own member, and the limits for its callers.
///
/// @param member The name of the member that this service acts for, such as `P1`, `R0` or `C0`.
/// @param roster The roster file. It is the same at every member.
/// @param identityKey The member's private identity key: PKCS#8 in PEM, readable by its owner only.
/// @param users Common names of the certificates that may use this service as people or programs of this member.
/// @param monitors Common names of the certificates that may read this service's metrics and nothing else.
/// @param deliveryLifetime How long after its sealing an envelope may still be delivered. It is the same at every
///     member.
/// @param clockTolerance The largest difference between the clocks of two members.
/// @param bodyLimit The largest request body, and the most bytes of bodies that one caller may have in memory here
///     at a time.
/// @param bodiesInFlight The most bytes of request bodies of all callers together. The same number of bytes again
///     may be on their way out. At least `shareferry.body-limit`.
/// @param bodyTimeout The longest time that a request body may take to arrive.
/// @param minBodyRate The fewest bytes a second, on average, that a caller must send of a body or read of an answer.
///     Pauses of 20 s in total are allowed. At least 1 byte.
@Validated
@ConfigurationProperties("shareferry")
public record ServiceProperties(
        @NotNull MemberName member,
        @NotNull Path roster,
        @NotNull Path identityKey,
        @DefaultValue List<String> users,
        @DefaultValue List<String> monitors,
        @DefaultValue("7d") Duration deliveryLifetime,
        @DefaultValue("5m") Duration clockTolerance,
        @DefaultValue("16MB") DataSize bodyLimit,
        @DefaultValue("32MB") DataSize bodiesInFlight,
        @DefaultValue("1m") Duration bodyTimeout,
        @DefaultValue("32KB") DataSize minBodyRate) {
    public ServiceProperties {
        if (Stream.concat(users.stream(), monitors.stream()).anyMatch(name -> name.matches("[PRC][0-9]+"))
                || users.stream().anyMatch(monitors::contains)) {
            throw new IllegalArgumentException("shareferry.users and shareferry.monitors must not share a name, and"
                    + " must not contain a member's name such as P0.");
        }
        if (minBodyRate.toBytes() < 1) {
            throw new IllegalArgumentException("shareferry.min-body-rate must be at least 1B.");
        }
        if (bodiesInFlight.compareTo(bodyLimit) < 0) {
            throw new IllegalArgumentException("shareferry.bodies-in-flight must be at least shareferry.body-limit.");
        }
    }
}
