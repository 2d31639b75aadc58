// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.relay;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.client.keys.OpeningKeys;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.member.MemberName;
import org.shareferry.service.member.OwnMember;
import org.shareferry.site.settings.ClientProperties;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "overview", description = "How this client is doing")
class OverviewController {
    private static final String EXAMPLE = """
            {"member": "C0", "mode": "push", "lastContact": "2026-06-01T11:59:58Z",
             "openingKey": {"from": "2026-05-20T12:00:00Z", "until": "2026-06-19T12:00:00Z"}}""";
    private static final String EXAMPLE_UNDER_WAY = """
            {"deliveries": [{"id": "53b9abd5dfc3b9ff2723a929934da8c3-0", "parties": ["P0", "P1"],
             "label": "1755", "scheme": "batched", "count": 10000, "state": "collecting",
             "places": {"expected": 6, "bundled": 0, "received": 4, "refused": 0, "held": 0},
             "waitingFor": ["P1"], "waitingSince": "2026-06-01T12:00:01Z",
             "firstSeen": "2026-06-01T12:00:00Z", "expires": "2026-06-08T12:00:00Z"}]}""";

    private final OwnMember own;
    private final OpeningKeys keys;
    private final RelayContact contact;
    private final PendingDeliveries pending;
    private final ClientProperties properties;
    private final Clock clock;

    OverviewController(
            OwnMember own,
            OpeningKeys keys,
            RelayContact contact,
            PendingDeliveries pending,
            ClientProperties properties,
            Clock clock) {
        this.own = own;
        this.keys = keys;
        this.contact = contact;
        this.pending = pending;
        this.properties = properties;
        this.clock = clock;
    }

    /// How this client is doing.
    ///
    /// @param member its name
    /// @param mode push: the relay connects to it; pull: it connects to the relay
    /// @param lastContact when it last spoke with the relay; absent if it did not since the service started
    /// @param openingKey the key that parties seal to now
    record Overview(
            MemberName member,
            @Schema(allowableValues = {"push", "pull"}) String mode,
            Optional<Instant> lastContact,
            Optional<Key> openingKey) {}

    /// @param from when parties may begin to seal to the key
    /// @param until when the last announced key ends
    @Schema(name = "OpeningKeyDates")
    record Key(Instant from, Instant until) {}

    @GetMapping(path = "/v1/overview", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "showOverview",
            summary = "The opening key's dates and the last contact with the relay",
            description = "For the client's own users. A new key is made before the last one expires.")
    @ApiResponse(
            responseCode = "200",
            description = "As it is now",
            content = @Content(schema = @Schema(implementation = Overview.class), examples = @ExampleObject(EXAMPLE)))
    Overview overview() {
        return new Overview(
                own.name(), properties.mode().name().toLowerCase(Locale.ROOT), contact.last(), key(keys.announced()));
    }

    private Optional<Key> key(List<AnnouncedKey> announced) {
        var now = clock.instant();
        var until = announced.stream().map(AnnouncedKey::notAfter).max(Comparator.naturalOrder());
        return announced.stream()
                .filter(key -> key.isValidAt(now))
                .max(Comparator.comparing(AnnouncedKey::notBefore))
                .flatMap(key -> until.map(end -> new Key(key.notBefore(), end)));
    }

    @GetMapping(path = "/v1/under-way", produces = MediaType.APPLICATION_JSON_VALUE)
    @Operation(
            operationId = "listUnderWay",
            summary = "Deliveries on their way to this client, as the relay reports them",
            description =
                    "For the client's own users. This client asks the relay at each call. A bundle comes here only"
                            + " when every party's envelope for it is there, so only the relay knows which party is missing."
                            + " None of this is proved, and no result depends on it. At most 200 deliveries.")
    @ApiResponse(
            responseCode = "200",
            description = "What the relay says, or why it says nothing",
            content =
                    @Content(
                            schema = @Schema(implementation = PendingDeliveries.Listed.class),
                            examples = @ExampleObject(EXAMPLE_UNDER_WAY)))
    PendingDeliveries.Listed underWay() {
        return pending.ask();
    }
}
