// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.feed;

import static org.springframework.format.annotation.DurationFormat.Style.SIMPLE;
import static org.springframework.format.annotation.DurationFormat.Unit.SECONDS;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.shareferry.service.commit.CommitSignal;
import org.shareferry.service.member.Caller;
import org.shareferry.service.openapi.Problems;
import org.shareferry.service.problem.Problem;
import org.shareferry.service.problem.ProblemException;
import org.shareferry.service.problem.ProblemType;
import org.shareferry.service.web.PageLimit;
import org.springframework.format.annotation.DurationFormat;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "feed", description = "Events of a party's deliveries")
class FeedController {
    private static final int MAX_ENTRIES = 1_000;

    private final Feed feed;
    private final CommitSignal commits;

    FeedController(Feed feed, CommitSignal commits) {
        this.feed = feed;
        this.commits = commits;
    }

    @GetMapping(
            path = "/v1/receipts",
            produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.APPLICATION_CBOR_VALUE})
    @Operation(
            operationId = "readFeed",
            summary = "What happened since",
            description = "Receipts, refusals and expiries of all deliveries of the caller, ordered by their numbers."
                    + " `complete` is the next `after`. With `wait` the response is delayed until there is"
                    + " an entry, or has no entries after that time. If the relay has a different `feed`,"
                    + " or its feed ends before the number, the response is the problem feed-unknown: start"
                    + " again at 0. Verify each receipt with your own roster.")
    @Problems({ProblemType.FEED_UNKNOWN})
    Feed.Page entries(
            Caller caller,
            @Parameter(description = "`complete` of the previous response; 0 at first")
                    @RequestParam(defaultValue = "0")
                    long after,
            @Parameter(description = "`feed` of the previous response") @RequestParam Optional<String> feed,
            @Parameter(description = "how long to wait for an entry, up to 30s", example = "20s")
                    @Schema(type = "string")
                    @RequestParam(defaultValue = "0s")
                    @DurationFormat(style = SIMPLE, defaultUnit = SECONDS)
                    Duration wait,
            @Parameter(description = "maximum number of entries, up to 1000") @RequestParam(defaultValue = "500")
                    int limit)
            throws InterruptedException {
        var party = caller.requireMember();
        int most = PageLimit.checked(limit, MAX_ENTRIES);
        if (!this.feed.isKnown(feed, Math.max(after, 0))) {
            throw new ProblemException(Problem.of(
                    ProblemType.FEED_UNKNOWN,
                    "This relay has feed " + this.feed.id() + ", or its feed ends before number " + after + "."));
        }
        var complete = new AtomicLong(Math.max(after, 0));
        return commits.poll(
                wait,
                () -> {
                    var page = this.feed.page(party, complete.get(), most);
                    complete.set(page.complete());
                    return page;
                },
                page -> !page.entries().isEmpty());
    }
}
