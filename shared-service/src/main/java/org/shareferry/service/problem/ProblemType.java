// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.problem;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;

/// Every problem that a service of this project answers with (RFC 9457). The documentation and the OpenAPI documents
/// are generated from these constants. Each has a [Finality]; 429 and 503 come with Retry-After.
public enum ProblemType {
    CERTIFICATE_MISSING(
            HttpStatus.UNAUTHORIZED, Finality.CURABLE, "No client certificate", "Present the certificate of a member."),
    CERTIFICATE_EXPIRED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Client certificate expired or not yet valid",
            "Renew the certificate and give the new one to the neighbours, or correct the clock."),
    CERTIFICATE_NOT_TRUSTED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Client certificate not trusted",
            "Send the certificate to the operator of this service, who adds it with `shareferry trust`."),
    MEMBER_UNKNOWN(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Certificate of an unknown member",
            "Add the member to the roster, or the name to shareferry.users, at this service."),
    NOT_ALLOWED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Not allowed",
            "Only certain roles may make this request; see the API documentation."),
    SENDER_NOT_CALLER(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Sender is not the caller",
            "A party can submit only its own envelopes."),
    NOT_FOUND(HttpStatus.NOT_FOUND, Finality.CURABLE, "Not found", "Check the address and the delivery id."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            Finality.CURABLE,
            "Method not allowed",
            "See the API documentation for the methods of this address."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            Finality.CURABLE,
            "Media type not available",
            "Request one of the media types named in the detail."),
    MEDIA_TYPE_UNSUPPORTED(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            Finality.CURABLE,
            "Unsupported media type",
            "Send one of the media types named in the detail."),
    REQUEST_MALFORMED(
            HttpStatus.BAD_REQUEST,
            Finality.CURABLE,
            "Malformed request",
            "Compare the request with the example in the API documentation."),
    BODY_TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            Finality.CURABLE,
            "Body over the limit",
            "Use smaller chunks, or raise shareferry.body-limit."),
    ENVELOPE_MALFORMED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Malformed envelope",
            "The envelope does not have the format of docs/envelope-format.md in this service's version; compare"
                    + " the versions."),
    SIGNATURE_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Signature does not verify",
            "The sender must sign with the identity key that the roster pins; compare the rosters."),
    SENDER_UNKNOWN(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Unknown sender or sender key",
            "Compare the rosters of both members."),
    RECIPIENT_UNKNOWN(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Unknown recipient",
            "Add the client to the roster, at every member."),
    RECIPIENT_KEY_UNKNOWN(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Unknown or expired recipient key",
            "Seal to a key that the client announces as valid now."),
    PARTIES_DIFFER(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Different set of parties",
            "All members must name the same parties; compare rosters and settings."),
    FACTS_DIFFER(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Envelopes disagree",
            "The named members must run the same program with the same settings."),
    BUNDLE_INCOMPLETE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Envelope missing or duplicate",
            "A bundle must contain exactly one envelope of each party."),
    CIPHERTEXT_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Decryption failed",
            "The envelope was not sealed for this client, sender and header. Deliver again in another run."),
    CLOCK_SKEW(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Created in the future",
            "Correct the clocks: they differ by more than shareferry.clock-tolerance."),
    DELIVERY_EXPIRED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Delivery expired",
            "It was sealed longer ago than shareferry.delivery-lifetime. Deliver again in another run."),
    ENVELOPE_CONFLICT(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "A different envelope exists",
            "A party's first envelope for a place is never replaced."),
    HAND_OVERS_MIXED(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Envelopes of different hand-overs",
            "All envelopes of a party for a delivery must come from one hand-over, with the same encapsulated key,"
                    + " keys and creation time. Deliver again in another run."),
    DELIVERY_ENDED(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Delivery refused or expired",
            "This delivery was handed over before and will not be delivered. Deliver again under another id, in"
                    + " another run."),
    DELIVERY_CONFLICT(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Delivery id already used",
            "A delivery id can be used only once. It was used for a delivery with a different head."),
    DELIVERY_AMBIGUOUS(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Several deliveries have this id",
            "Add the parties of the intended one, as in ?parties=P0,P1."),
    HAND_OVER_INVALID(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Hand-over does not fit",
            "Number and size of chunks must match domain, scheme, count and values per chunk."),
    SCHEME_NEEDS_VM(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Scheme needs the VM",
            "The scheme committed needs a dialog with the VM. Use batched for REST."),
    FEED_UNKNOWN(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Unknown position in the feed",
            "The relay has another database, or an older copy of it. Start at 0, and ask which envelopes are missing."),
    ANSWER_DIFFERS(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "A different answer exists",
            "The first answer to a request for inputs is never replaced."),
    ANSWER_INVALID(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Answer does not fit the request",
            "The statement must be signed by the client that was asked and must repeat the request's header. The"
                    + " masked values must have the size and the SHA-256 that it names."),
    RESULT_NOT_AVAILABLE(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "No values available",
            "The delivery is not complete, still being checked, expired, rejected, or deleted, or its values are; see its"
                    + " state."),
    INPUT_INVALID(
            HttpStatus.BAD_REQUEST,
            Finality.CURABLE,
            "Invalid input",
            "Correct the named parameter or value. Nothing was stored."),
    INPUT_WAITS(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Another input is waiting",
            "Only one input can wait for each label and set of parties. Delete it, or wait until it is used."),
    REQUEST_NOT_ANSWERED(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Request cannot be answered",
            "See the reason at /v1/requests. If it cannot be fixed, run the program again."),
    KEYS_UNKNOWN(
            HttpStatus.NOT_FOUND,
            Finality.TEMPORARY,
            "Keys not announced yet",
            "The client's key announcement has not reached this service yet. Retry later."),
    ANNOUNCEMENT_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Invalid announcement or receipt",
            "It must be signed with the identity key that the roster pins for the client."),
    QUOTA_USED_UP(
            HttpStatus.TOO_MANY_REQUESTS,
            Finality.TEMPORARY,
            "Quota exceeded",
            "Wait until earlier envelopes are delivered, or raise shareferry.relay.quota."),
    KEYS_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            Finality.TEMPORARY,
            "No valid recipient key available",
            "Retry: the client's announcement is fetched through the relay."),
    TOO_MUCH_AT_ONCE(
            HttpStatus.TOO_MANY_REQUESTS,
            Finality.TEMPORARY,
            "Too many bodies or requests at a time",
            "Send fewer requests at the same time, or raise shareferry.bodies-in-flight."),
    BODY_TOO_SLOW(
            HttpStatus.REQUEST_TIMEOUT,
            Finality.TEMPORARY,
            "Body too slow",
            "Use a faster connection or smaller chunks."),
    BODY_DAMAGED(
            HttpStatus.BAD_REQUEST,
            Finality.TEMPORARY,
            "Body damaged in transit",
            "Send it again: the connection broke, or a proxy changed the body."),
    STORE_BUSY(
            HttpStatus.SERVICE_UNAVAILABLE,
            Finality.TEMPORARY,
            "Database unavailable",
            "Retry after the time in Retry-After."),
    INTERNAL(
            HttpStatus.INTERNAL_SERVER_ERROR,
            Finality.TEMPORARY,
            "Internal error",
            "See the service's log at the time of the request.");

    /// Where a service describes all types.
    public static final String PAGE = "/problem-types";

    private static final Map<URI, ProblemType> BY_URI =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ProblemType::uri, type -> type));

    private final HttpStatus status;
    private final Finality finality;
    private final String title;
    private final String advice;

    ProblemType(HttpStatus status, Finality finality, String title, String advice) {
        this.status = status;
        this.finality = finality;
        this.title = title;
        this.advice = advice;
    }

    /// @param uri as a problem has it, relative
    /// @return the type with this URI; empty for types of other versions or projects
    public static Optional<ProblemType> of(URI uri) {
        return Optional.ofNullable(BY_URI.get(uri));
    }

    /// @return `/problem-types#` and the name: a link relative to the service's address, which has a page there
    public URI uri() {
        return URI.create(PAGE + "#" + id());
    }

    /// @return the name in lower case with hyphens
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /// @return the HTTP status
    public HttpStatus status() {
        return status;
    }

    /// @return whether the same request can succeed later
    public Finality finality() {
        return finality;
    }

    /// @return a short fixed text
    public String title() {
        return title;
    }

    /// @return how to fix the problem
    public String advice() {
        return advice;
    }
}
