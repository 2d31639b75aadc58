// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.submission;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.member.MemberName;

/// What came of submitting an envelope.
sealed interface Submission {
    /// It is stored, and the relay answers for it from now on.
    record Stored(DeliveryKey delivery) implements Submission {}

    /// The very same envelope was stored before.
    record AlreadyStored(DeliveryKey delivery) implements Submission {}

    /// It is not taken.
    record Refused(Refusal why) implements Submission {}

    /// Why an envelope is not taken.
    sealed interface Refusal {
        /// @return the same in a few words, for metrics and logs
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

        /// The caller submits in another's name.
        record SenderIsNotCaller() implements Refusal {}

        /// The roster does not have the sender with the key that the header names.
        record SenderUnknown() implements Refusal {}

        /// The signature does not verify.
        record SignatureWrong() implements Refusal {}

        /// The roster has no such client.
        record RecipientUnknown(MemberName recipient) implements Refusal {}

        /// The client announces no such key, or not as valid now.
        record RecipientKeyUnknown() implements Refusal {}

        /// The client's keys are not here yet.
        record KeysNotHereYet(MemberName recipient) implements Refusal {}

        /// The header names parties that the roster does not have.
        record PartiesUnknown(Set<MemberName> parties) implements Refusal {}

        /// It was created later than now.
        record CreatedInTheFuture() implements Refusal {}

        /// It was created too long ago.
        record Expired() implements Refusal {}

        /// Another envelope of this sender has this place.
        record Conflict() implements Refusal {}

        /// All bundles of the delivery are here, and it says otherwise than they.
        record FactsDiffer(MemberName other, List<String> fields) implements Refusal {}

        /// The sender has too much here already.
        record QuotaUsedUp(Duration retryAfter) implements Refusal {}
    }

    /// The kinds of refusals, which a metric counts each from zero on.
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
