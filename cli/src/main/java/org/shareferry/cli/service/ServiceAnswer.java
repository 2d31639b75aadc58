// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.time.Duration;
import java.util.Optional;
import org.shareferry.json.PlainText;
import tools.jackson.databind.JsonNode;

/// What a service answered.
///
/// @param status of HTTP
/// @param body the JSON, or the problem (RFC 9457)
/// @param retryAfter when to retry, if the service states it
public record ServiceAnswer(int status, JsonNode body, Optional<Duration> retryAfter) {
    /// @return whether the request succeeded
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /// @return whether the same request may succeed later
    public boolean isWorthRetrying() {
        return status == 429 || status == 503;
    }

    /// @return a problem's title and detail, on one line
    public String problem() {
        var title = body.path("title").asString("status " + status);
        var detail = body.path("detail").asString("");
        var text = detail.isEmpty() ? title : title + ": " + detail;
        return PlainText.of(text);
    }
}
