// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;
import org.shareferry.site.webhook.WebhookAddress;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// The webhook of a client-service: requests to an application when results and requests for inputs arrive.
///
/// @param url Where requests are sent: `https://…`, or `http://…` to this machine. Without it there is no webhook.
/// @param secretFile The file with the secret that signs requests: `whsec_` and 32 to 64 bytes in base64,
///     readable by its owner only. A second line has the secret that replaces it.
/// @param trust PEM file: certificates that the receiver's certificate must be, or be issued by. If not set,
///     those of the Java platform.
/// @param timeout The longest time that an attempt may take.
/// @param maxBackoff The longest pause between two attempts.
/// @param giveUpAfter How long after its first failed attempt an event is given up, so that later ones follow.
@Validated
@ConfigurationProperties("shareferry.client.webhook")
public record WebhookProperties(
        @Nullable String url,
        @Nullable Path secretFile,
        @Nullable Path trust,

        @NotNull @DurationMin(millis = 100) @DurationMax(minutes = 5) @DefaultValue("10s")
        Duration timeout,

        @NotNull @DurationMin(seconds = 1) @DefaultValue("5m")
        Duration maxBackoff,

        @NotNull @DurationMin @DefaultValue("24h") Duration giveUpAfter) {
    public WebhookProperties {
        if (url != null && !url.isBlank()) {
            WebhookAddress.objection(url.strip()).ifPresent(why -> {
                throw new IllegalArgumentException("shareferry.client.webhook.url " + why + ".");
            });
            if (secretFile == null) {
                throw new IllegalArgumentException(
                        "shareferry.client.webhook.url needs shareferry.client.webhook.secret-file.");
            }
        }
    }

    /// @return where requests are sent, if there is a webhook
    public Optional<String> receiver() {
        return Optional.ofNullable(url).map(String::strip).filter(text -> !text.isEmpty());
    }
}
