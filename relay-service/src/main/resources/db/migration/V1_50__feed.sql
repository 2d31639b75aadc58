-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- What parties are told of their deliveries, in the order of the commits: the row of change_counter is locked from when
-- a transaction takes numbers until it commits, so that numbers become visible in ascending order. Entries go with
-- their delivery. `id` names this database; the service sets it at its first start.
CREATE TABLE change_counter (
    last BIGINT NOT NULL
);
INSERT INTO change_counter (last) VALUES (0);
CREATE TABLE feed_state (
    id TEXT NOT NULL
);
INSERT INTO feed_state (id) VALUES ('');

CREATE TABLE feed (
    number    BIGINT NOT NULL PRIMARY KEY,
    delivery  TEXT   NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    state     TEXT   NOT NULL,
    receipt   BYTEA,
    signature BYTEA,
    type      TEXT,
    detail    TEXT,
    size      INT    NOT NULL
);
CREATE INDEX feed_delivery ON feed (delivery, number);

-- A receipt covers one or more bundles and is kept once, as an entry of the feed. The columns that hold receipts of
-- earlier versions in the table bundle, which has no rows now, are no longer used.
ALTER TABLE bundle ADD COLUMN receipt_number BIGINT;

-- Parties ask which envelopes are not here.
CREATE INDEX envelope_id ON envelope (id);

-- How many envelopes a place has, how large and how old they are: found without reading their content, behind which
-- SQLite keeps these columns.
CREATE INDEX envelope_place ON envelope (delivery, kind, idx, sender, expires, size);
ALTER TABLE bundle ADD COLUMN size BIGINT NOT NULL DEFAULT 0;

-- Of several replicas one at a time brings bundles to a client.
CREATE TABLE lease (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    beats  BIGINT NOT NULL
);

-- What waits is found by a query, not by a task for each bundle.
DELETE FROM scheduled_tasks WHERE task_name = 'push-bundle';
