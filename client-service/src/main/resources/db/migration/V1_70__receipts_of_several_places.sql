-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Checks are no tasks any more. What was not checked in an earlier form of envelopes has expired.
DELETE FROM scheduled_tasks WHERE task_name = 'check-delivery';

-- A receipt covers all places of a delivery that one request brought. Its number is how many places were there before.
DROP TABLE receipt;
CREATE TABLE receipt (
    delivery  TEXT   NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    number    BIGINT NOT NULL,
    receipt   BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    PRIMARY KEY (delivery, number)
);
ALTER TABLE envelope ADD COLUMN receipt BIGINT NOT NULL DEFAULT 0;

-- Until when somebody holds the check of a complete delivery. Milliseconds since 1970.
ALTER TABLE delivery ADD COLUMN check_until BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delivery_checking ON delivery (check_until) WHERE state = 'checking';
