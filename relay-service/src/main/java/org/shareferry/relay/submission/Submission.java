// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;

/// The result of submitting an envelope.
sealed interface Submission {
    /// It is stored durably.
    record Stored(DeliveryKey delivery) implements Submission {}

    /// The same envelope was already stored.
    record AlreadyStored(DeliveryKey delivery) implements Submission {}

    /// It is refused.
    record Refused(Refusal why) implements Submission {}

    /// Why an envelope is refused.
    sealed interface Refusal {
        /// @return the kind of refusal, for metrics and logs
        default Reason reason() {
            return switch (this) {
                case SenderIsNotCaller refusal -> Reason.SENDER_NOT_CALLER;
                case SenderUnknown refusal -> Reason.SENDER_UNKNOWN;
                case SignatureWrong refusal -> Reason.SIGNATURE_WRONG;
                case RecipientUnknown refusal -> Reason.RECIPIENT_UNKNOWN;
                case RecipientKeyUnknown refusal -> Reason.RECIPIENT_KEY_UNKNOWN;
                case KeysNotHereYet refusal -> Reason.KEYS_UNAVAILABLE;
                case PartiesUnknown refusal -> Reason.PARTIES_DIFFER;
                case CreatedInTheFuture refusal -> Reason.CLOCK_SKEW;
                case Expired refusal -> Reason.DELIVERY_EXPIRED;
                case Conflict refusal -> Reason.ENVELOPE_CONFLICT;
                case FactsDiffer refusal -> Reason.FACTS_DIFFER;
                case QuotaUsedUp refusal -> Reason.QUOTA_USED_UP;
            };
        }

        /// The envelope's sender is not the caller.
        record SenderIsNotCaller() implements Refusal {}

        /// The roster does not have the sender with the header's identity key.
        record SenderUnknown() implements Refusal {}

        /// The signature does not verify.
        record SignatureWrong() implements Refusal {}

        /// The roster has no such client.
        record RecipientUnknown(MemberName recipient) implements Refusal {}

        /// The client has not announced the key, or it was not valid at the time.
        record RecipientKeyUnknown() implements Refusal {}

        /// The client's announcement is not here yet.
        record KeysNotHereYet(MemberName recipient) implements Refusal {}

        /// The header names parties that the roster does not have.
        record PartiesUnknown(Set<MemberName> parties) implements Refusal {}

        /// Its creation time is in the future.
        record CreatedInTheFuture() implements Refusal {}

        /// It was created too long ago.
        record Expired() implements Refusal {}

        /// A different envelope of this sender is stored at this place.
        record Conflict() implements Refusal {}

        /// The delivery is complete, and the envelope disagrees with it.
        record FactsDiffer(MemberName other, List<String> fields) implements Refusal {}

        /// The sender's quota is exceeded.
        record QuotaUsedUp(Duration retryAfter) implements Refusal {}
    }

    /// The kinds of refusals, as labels of a metric.
    enum Reason {
        SENDER_NOT_CALLER,
        SENDER_UNKNOWN,
        SIGNATURE_WRONG,
        RECIPIENT_UNKNOWN,
        RECIPIENT_KEY_UNKNOWN,
        KEYS_UNAVAILABLE,
        PARTIES_DIFFER,
        CLOCK_SKEW,
        DELIVERY_EXPIRED,
        ENVELOPE_CONFLICT,
        FACTS_DIFFER,
        QUOTA_USED_UP;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
