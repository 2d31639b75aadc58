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

/// Every problem that a service of this project answers with (RFC 9457). The documentation and the OpenAPI
/// documents are made from these constants. Each says whether the same request can succeed later; 429 and 503 say
/// when to come again.
public enum ProblemType {
    CERTIFICATE_MISSING(
            HttpStatus.UNAUTHORIZED, Finality.CURABLE, "No client certificate", "Present the certificate of a member."),
    CERTIFICATE_EXPIRED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Client certificate not valid now",
            "Renew the certificate, or set the clock right, and give the new certificate to the neighbours."),
    CERTIFICATE_NOT_TRUSTED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Client certificate not trusted",
            "Give the certificate to the member asked, who adds it to its trust (shareferry trust)."),
    MEMBER_UNKNOWN(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Certificate of no known member",
            "Have the member added to the roster, or its name to shareferry.users."),
    NOT_ALLOWED(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Not allowed here",
            "Only some roles may make this request; see the API."),
    SENDER_NOT_CALLER(
            HttpStatus.FORBIDDEN,
            Finality.CURABLE,
            "Sender is not the caller",
            "A party submits its own envelopes only."),
    NOT_FOUND(HttpStatus.NOT_FOUND, Finality.CURABLE, "Nothing here", "Check the address and the delivery id."),
    METHOD_NOT_ALLOWED(
            HttpStatus.METHOD_NOT_ALLOWED,
            Finality.CURABLE,
            "Method not allowed",
            "See the API for what this address takes."),
    NOT_ACCEPTABLE(
            HttpStatus.NOT_ACCEPTABLE,
            Finality.CURABLE,
            "No such representation",
            "Ask for one of the media types that the detail names."),
    MEDIA_TYPE_UNSUPPORTED(
            HttpStatus.UNSUPPORTED_MEDIA_TYPE,
            Finality.CURABLE,
            "Unsupported media type",
            "Send one of the media types that the detail names."),
    REQUEST_MALFORMED(
            HttpStatus.BAD_REQUEST,
            Finality.CURABLE,
            "Malformed request",
            "Compare the request with the example in the API."),
    BODY_TOO_LARGE(
            HttpStatus.CONTENT_TOO_LARGE,
            Finality.CURABLE,
            "Body over the limit",
            "Use smaller chunks, or have shareferry.body-limit raised."),
    ENVELOPE_MALFORMED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Malformed envelope",
            "The envelope does not have the form of docs/envelope-format.md that this service knows; compare the versions."),
    SIGNATURE_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Signature does not verify",
            "The sender's identity key must be the one that the roster pins; compare the rosters."),
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
            "Other set of parties",
            "All members must name the same parties; compare rosters and configurations."),
    FACTS_DIFFER(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Envelopes disagree",
            "The members named must run the same program with the same settings."),
    BUNDLE_INCOMPLETE(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Envelope missing or surplus",
            "A bundle holds exactly one envelope of each party."),
    CIPHERTEXT_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Ciphertext does not open",
            "It was not sealed to this client, sender and header; nothing can be done but deliver anew in another run."),
    CLOCK_SKEW(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Created in the future",
            "Set the clocks right: they differ by more than shareferry.clock-tolerance."),
    DELIVERY_EXPIRED(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Delivery expired",
            "It was sealed longer ago than shareferry.delivery-lifetime; deliver anew in another run."),
    ENVELOPE_CONFLICT(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Another envelope is there",
            "The first envelope of a party for a place stays; it is never replaced."),
    HAND_OVERS_MIXED(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Envelopes of two hand-overs",
            "All envelopes of a party for a delivery come from one hand-over: they have the same encapsulated key, keys and"
                    + " creation time. Deliver anew in another run."),
    DELIVERY_ENDED(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Delivery refused or expired",
            "It was handed over before and will not be delivered; deliver anew under another id, in another run."),
    DELIVERY_CONFLICT(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Delivery handed over before",
            "A delivery id is used once; it was handed over with other facts."),
    DELIVERY_AMBIGUOUS(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Several deliveries of this id",
            "Name the parties of the one that is meant, as in ?parties=P0,P1."),
    HAND_OVER_INVALID(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Hand-over does not fit",
            "Number and size of chunks must follow from domain, scheme, count and values per chunk."),
    SCHEME_NEEDS_VM(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Scheme needs the VM",
            "The scheme committed needs a dialog with the VM; by REST take batched."),
    FEED_UNKNOWN(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Another feed, or other numbers",
            "Start at 0, and ask which envelopes are lacking: the relay has another database, or an older copy of it."),
    ANSWER_DIFFERS(
            HttpStatus.CONFLICT,
            Finality.FINAL,
            "Another answer is there",
            "The first answer to a request for inputs stays; it is never replaced."),
    ANSWER_INVALID(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.FINAL,
            "Answer does not fit the request",
            "The statement must be signed by the client that was asked and repeat the request's header; the masked values"
                    + " must have the size and the SHA-256 that follow from it."),
    RESULT_NOT_AVAILABLE(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "No values to show",
            "The delivery is not complete, still being checked, expired, rejected, or deleted; see its state."),
    INPUT_INVALID(
            HttpStatus.BAD_REQUEST,
            Finality.CURABLE,
            "Input not as it must be",
            "Mend the parameter or the value that is named; nothing was stored."),
    INPUT_WAITS(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Another input waits",
            "One input waits for each label and set of parties; delete it, or wait until it was used."),
    REQUEST_NOT_ANSWERED(
            HttpStatus.CONFLICT,
            Finality.CURABLE,
            "Request cannot be answered",
            "See why at /v1/requests; where nothing helps, run the program again."),
    KEYS_UNKNOWN(
            HttpStatus.NOT_FOUND,
            Finality.TEMPORARY,
            "Keys not announced yet",
            "The client's key announcement has not reached this service; try again later."),
    ANNOUNCEMENT_WRONG(
            HttpStatus.UNPROCESSABLE_CONTENT,
            Finality.CURABLE,
            "Announcement or receipt not believed",
            "It must be signed with the identity key that the roster pins for the client."),
    QUOTA_USED_UP(
            HttpStatus.TOO_MANY_REQUESTS,
            Finality.TEMPORARY,
            "Quota used up",
            "Wait until earlier envelopes were delivered, or have the quota raised."),
    KEYS_UNAVAILABLE(
            HttpStatus.SERVICE_UNAVAILABLE,
            Finality.TEMPORARY,
            "No valid recipient key at hand",
            "Try again: the client's announcement is fetched through the relay."),
    TOO_MUCH_AT_ONCE(
            HttpStatus.TOO_MANY_REQUESTS,
            Finality.TEMPORARY,
            "Too much at once",
            "Send fewer bodies at the same time, or have shareferry.bodies-in-flight raised."),
    BODY_TOO_SLOW(
            HttpStatus.REQUEST_TIMEOUT,
            Finality.TEMPORARY,
            "Body too slow",
            "Try again over a better line, or use smaller chunks."),
    BODY_DAMAGED(
            HttpStatus.BAD_REQUEST,
            Finality.TEMPORARY,
            "Body not received as sent",
            "Send it again: the connection was cut, or something in between changed it."),
    STORE_BUSY(HttpStatus.SERVICE_UNAVAILABLE, Finality.TEMPORARY, "Store busy", "Try again after the time given."),
    INTERNAL(
            HttpStatus.INTERNAL_SERVER_ERROR,
            Finality.TEMPORARY,
            "Internal error",
            "Look for the time and the id of the request in the service's log.");

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

    /// @return the type that this URI names; empty for one of another version, or that is not this project's
    public static Optional<ProblemType> of(URI uri) {
        return Optional.ofNullable(BY_URI.get(uri));
    }

    /// @return `urn:shareferry:problem:` and the name in lower case with hyphens
    public URI uri() {
        return URI.create(
                "urn:shareferry:problem:" + name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }

    /// @return the HTTP status it is answered with
    public HttpStatus status() {
        return status;
    }

    /// @return whether the same request can succeed later, and what it takes
    public Finality finality() {
        return finality;
    }

    /// @return a few words that never change
    public String title() {
        return title;
    }

    /// @return what to do about it
    public String advice() {
        return advice;
    }
}
