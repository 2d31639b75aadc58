// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.answer;

import java.util.Optional;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.BytesOutput;
import org.shareferry.crypto.Sha256;
import org.shareferry.input.InputStatement;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.relay.answer.AnswerOutcome.Invalid;
import org.shareferry.relay.answer.AnswerOutcome.QuotaUsedUp;
import org.shareferry.relay.answer.StoredAnswers.Upload;

/// An answer that is being received: its statement matches the request, and its masked values follow. They are
/// stored in parts, so that they are never in memory as a whole, and become an answer only when they are complete.
/// Closing an incomplete intake deletes them. Not thread-safe.
final class AnswerUpload implements AutoCloseable {
    /// The maximum number of bytes of a part.
    static final int PART = 1 << 20;

    private final StoredAnswers store;
    private final AnswerRemoval removal;
    private final SignedInputStatement signed;
    private final InputStatement statement;
    private final Upload upload;
    private final long expected;
    private final Sha256 digest = Sha256.begin();
    private BytesOutput kept = new BytesOutput(8 << 10);
    private int parts;
    private long size;
    private boolean isOver;

    /// @param statement the signed statement
    AnswerUpload(StoredAnswers store, AnswerRemoval removal, SignedInputStatement signed, InputStatement statement) {
        this.store = store;
        this.removal = removal;
        this.signed = signed;
        this.statement = statement;
        this.upload = Upload.of(statement.key(), statement.client());
        this.expected = InputRequest.maskedSize(statement);
    }

    /// @return the number of bytes of masked values in the answer
    long expected() {
        return expected;
    }

    /// Adds the next bytes of the masked values.
    ///
    /// @param bytes at most [#PART]
    /// @return why the answer is refused, if it is
    Optional<AnswerOutcome> add(Bytes bytes) {
        size += bytes.size();
        if (size > expected) {
            return Optional.of(wrongSize());
        }
        digest.add(bytes.toArray(), 0, bytes.size());
        if (kept.size() + bytes.size() > PART && !write()) {
            return Optional.of(new QuotaUsedUp());
        }
        kept.writeBytes(bytes.toArray());
        return Optional.empty();
    }

    private boolean write() {
        boolean stored = store.add(upload, parts, kept.written());
        parts++;
        kept = new BytesOutput(PART);
        return stored;
    }

    /// Stores the answer if it is complete.
    AnswerOutcome complete() {
        if (size < expected) {
            return wrongSize();
        }
        if (!digest.digest().equals(statement.masked())) {
            return new Invalid("The masked values do not match the SHA-256 in the statement.");
        }
        return switch (store.complete(upload, parts, kept.written(), expected, signed)) {
            case STORED -> {
                isOver = true;
                yield new AnswerOutcome.Stored();
            }
            case STORED_BEFORE -> new AnswerOutcome.StoredBefore();
            case DIFFERS -> new AnswerOutcome.Differs();
            case QUOTA_USED_UP -> new QuotaUsedUp();
        };
    }

    private Invalid wrongSize() {
        return new Invalid("The masked values do not have the expected " + expected + " bytes.");
    }

    @Override
    public void close() {
        if (!isOver) {
            isOver = true;
            removal.drop(upload.id());
        }
    }
}
