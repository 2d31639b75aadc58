-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Whether the sealed bytes of all envelopes were removed: retention finds by its index what is left to do.
ALTER TABLE delivery ADD COLUMN content_removed BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX delivery_retention ON delivery (content_removed, state, changed);

-- Runs of which deliveries were deleted, and the highest sequence number of these. Ids up to it are never used again:
-- this keeps the promise never to seal twice for one place. One short row for each run stays for ever.
CREATE TABLE spent_run (
    run     BYTEA  NOT NULL PRIMARY KEY,
    highest BIGINT NOT NULL
);
