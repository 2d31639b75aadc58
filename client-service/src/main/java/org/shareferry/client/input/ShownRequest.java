// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.shareferry.check.Verdict;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.member.MemberName;

/// A request without an answer, as the API shows it.
@Schema(name = "OpenRequest")
record ShownRequest(
        DeliveryId id,
        List<MemberName> parties,

        @Schema(description = "An integer of 64 bits, exact for every reader", pattern = InputDocument.INTEGER)
        String label,

        String protocol,
        String domain,
        long count,
        int precision,
        int bits,
        Optional<String> program,
        Verdict verdict,

        @Schema(description = "The earliest creation time of its envelopes, by the parties' clocks")
        Instant created,

        @Schema(description = "Why it has no answer, for programs; `asked-before-input` needs an explicit answer")
        UnansweredReason reason,

        @Schema(description = "Why it has no answer, for people")
        String detail,

        @Schema(description = "Whether it can be answered with values now")
        boolean acceptsValues) {

    static ShownRequest of(OpenRequest request, Unanswered why) {
        var facts = request.facts();
        return new ShownRequest(
                facts.id(),
                facts.parties(),
                Long.toString(facts.label()),
                facts.protocol(),
                facts.domain().toString(),
                facts.shape().count(),
                facts.precision(),
                facts.bits(),
                Optional.of(facts.program())
                        .filter(program -> program.size() > 0)
                        .map(Bytes::toHex),
                request.verdict(),
                request.created(),
                why.reason(),
                why.detail(),
                why.reason().acceptsValues());
    }
}
