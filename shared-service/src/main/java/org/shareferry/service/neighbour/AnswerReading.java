// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.neighbour;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.shareferry.crypto.Bytes;
import org.shareferry.json.PlainText;
import org.shareferry.receipt.SignedReceipt;
import org.shareferry.service.batch.BatchItem;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Refused;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.problem.ContentDigest;
import org.shareferry.service.problem.Finality;
import org.shareferry.service.problem.ProblemType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.cbor.CBORMapper;

/// Interprets HTTP responses. Errors of the transport, a container or a proxy are never final. A refusal is final
/// only if it is a problem of this project, its type is final, and it repeats the digest of the body that was sent.
final class AnswerReading {
    private static final int MAX_DETAIL = 500;
    private static final long MAX_RETRY_AFTER = 999_999;
    private static final URI NONE = URI.create("about:blank");
    private static final String OURS = ProblemType.PAGE + "#";

    /// These concern this member's certificate and not the content of the request.
    private static final Set<ProblemType> OF_OUR_CERTIFICATE = Set.of(
            ProblemType.CERTIFICATE_MISSING,
            ProblemType.CERTIFICATE_EXPIRED,
            ProblemType.CERTIFICATE_NOT_TRUSTED,
            ProblemType.MEMBER_UNKNOWN);

    private final JsonMapper json;
    private final CBORMapper cbor;

    AnswerReading(JsonMapper json, CBORMapper cbor) {
        this.json = json;
        this.cbor = cbor;
    }

    /// A problem in a neighbour's response.
    private record Told(URI type, String detail, Optional<ContentDigest> judged) {
        static Told nothing() {
            return new Told(NONE, "it gave no reason", Optional.empty());
        }

        boolean isOfThisProject() {
            return type.toString().startsWith(OURS);
        }
    }

    /// @param sent the digest of the request's body; empty when it had none
    /// @param retryAfter from the header Retry-After
    Answer read(int status, Bytes body, Optional<ContentDigest> sent, Optional<Duration> retryAfter) {
        if (status >= 200 && status < 300) {
            return new Accepted(status, body);
        }
        boolean isRefusal = status >= 400 && status < 500 && status != 408 && status != 425 && status != 429;
        return refused(status, isRefusal ? parse(body) : Told.nothing(), sent, retryAfter);
    }

    /// Reads the answer to a batch. A refusal of the request as a whole refuses no item, except a single item that
    /// is too large.
    ///
    /// @param whole the answer to the request
    BatchAnswer read(List<BatchItem> items, Answer whole) {
        return switch (whole) {
            case Accepted(int status, Bytes body) -> outcomes(items, body);
            case Unavailable unavailable -> BatchAnswer.failed(items.size(), unavailable);
            case Refused refused
            when items.size() == 1 && refused.problem().equals(ProblemType.BODY_TOO_LARGE.uri()) ->
                new BatchAnswer(List.of(refused), List.of(), Optional.empty());
            case Refused refused -> BatchAnswer.failed(items.size(), later(refused.detail()));
        };
    }

    private BatchAnswer outcomes(List<BatchItem> items, Bytes body) {
        try {
            var document = cbor.readTree(body.toArray());
            var outcomes = document.path("outcomes");
            if (!outcomes.isArray() || outcomes.size() > items.size()) {
                return BatchAnswer.failed(items.size(), later("its response is not a batch response"));
            }
            var answers = new ArrayList<Answer>();
            for (int i = 0; i < items.size(); i++) {
                answers.add(outcome(outcomes.path(i), items.get(i)));
            }
            var receipts = new ArrayList<SignedReceipt>();
            for (var receipt : document.path("receipts")) {
                receipts.add(new SignedReceipt(
                        Bytes.of(receipt.path("receipt").binaryValue()),
                        Bytes.of(receipt.path("signature").binaryValue())));
            }
            return new BatchAnswer(answers, receipts, Optional.empty());
        } catch (JacksonException e) {
            return BatchAnswer.failed(items.size(), later("its response is not a batch response"));
        }
    }

    private static Answer outcome(JsonNode outcome, BatchItem item) {
        if (outcome.isMissingNode()) {
            return later("it did not process this item");
        }
        int status = outcome.path("status").asInt(0);
        if (status >= 200 && status < 300) {
            return new Accepted(status, Bytes.empty());
        }
        var retryAfter = outcome.path("retryAfter");
        return refused(
                status,
                told(outcome.path("problem")),
                Optional.of(item.digest()),
                retryAfter.isIntegralNumber()
                        ? Optional.of(Duration.ofSeconds(Math.clamp(retryAfter.asLong(), 0, MAX_RETRY_AFTER)))
                        : Optional.empty());
    }

    private static Answer refused(int status, Told told, Optional<ContentDigest> sent, Optional<Duration> retryAfter) {
        if (!told.isOfThisProject()) {
            return new Unavailable("it responded with status " + status, retryAfter);
        }
        var type = ProblemType.of(told.type());
        if (type.filter(OF_OUR_CERTIFICATE::contains).isPresent()) {
            return later("it does not accept this member's certificate: " + told.detail());
        }
        // A newer version may have types that are unknown here; these are never final.
        var finality = type.map(ProblemType::finality).orElse(Finality.CURABLE);
        if (sent.isPresent() && finality == Finality.TEMPORARY) {
            return new Unavailable(told.detail(), retryAfter);
        }
        if (sent.isPresent() && finality == Finality.FINAL && !sent.equals(told.judged())) {
            return later("its refusal is about another body than the one sent: " + told.detail());
        }
        return new Refused(status, told.type(), told.detail(), finality);
    }

    private static Unavailable later(String reason) {
        return new Unavailable(reason, Optional.empty());
    }

    private Told parse(Bytes body) {
        try {
            return told(json.readTree(body.toArray()));
        } catch (JacksonException e) {
            return Told.nothing();
        }
    }

    private static Told told(JsonNode problem) {
        var detail = PlainText.of(text(problem, "detail").orElse(""));
        try {
            return new Told(
                    text(problem, "type").map(URI::create).orElse(NONE),
                    detail.substring(0, Math.min(MAX_DETAIL, detail.length())),
                    text(problem, ContentDigest.JUDGED).flatMap(ContentDigest::parse));
        } catch (IllegalArgumentException e) {
            return Told.nothing();
        }
    }

    private static Optional<String> text(JsonNode problem, String name) {
        return Optional.of(problem.path(name)).filter(JsonNode::isString).map(JsonNode::asString);
    }
}
