-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- What waits for the relay is found by a query, no longer by scheduled tasks. The column submitted counts the envelopes
-- that the relay accepted without a gap from the first one on, in order of kind and chunk. Until now it could be any of
-- them, so those of deliveries that are not submitted yet count anew: the relay gets the same bytes again.
DELETE FROM scheduled_tasks WHERE task_name IN ('submit-envelopes', 'collect-receipts');
UPDATE delivery SET submitted = 0 WHERE state = 'sealed';

-- When a delivery that is held is offered again; zero for all others.
ALTER TABLE delivery ADD COLUMN due BIGINT NOT NULL DEFAULT 0;

DROP INDEX delivery_state;
CREATE INDEX delivery_waiting ON delivery (due, number) WHERE state = 'sealed';
-- Deliveries that can expire.
CREATE INDEX delivery_active ON delivery (expires) WHERE state IN ('sealed', 'submitted', 'bundled');

-- A receipt covers one or more envelopes of a delivery. They are numbered in the order in which they came.
CREATE TABLE receipt (
    delivery  TEXT   NOT NULL REFERENCES delivery (id),
    number    BIGINT NOT NULL,
    receipt   BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    PRIMARY KEY (delivery, number)
);
INSERT INTO receipt (delivery, number, receipt, signature)
SELECT delivery, ROW_NUMBER() OVER (PARTITION BY delivery ORDER BY kind, chunk), receipt, receipt_signature
FROM envelope WHERE receipt IS NOT NULL;

-- Envelopes for which the client has signed, of deliveries for which it has not signed wholly.
CREATE TABLE received_place (
    delivery TEXT    NOT NULL REFERENCES delivery (id),
    kind     INTEGER NOT NULL,
    chunk    INTEGER NOT NULL,
    PRIMARY KEY (delivery, kind, chunk)
);
INSERT INTO received_place (delivery, kind, chunk)
SELECT e.delivery, e.kind, e.chunk FROM envelope e JOIN delivery d ON d.id = e.delivery
WHERE e.receipt IS NOT NULL AND d.state <> 'received';
UPDATE delivery SET received = (SELECT COUNT(*) FROM received_place p WHERE p.delivery = delivery.id)
WHERE state <> 'received';

-- The row of an envelope is written once: to write a column anew would write its content anew.
CREATE TABLE envelope_once (
    delivery    TEXT    NOT NULL REFERENCES delivery (id),
    recipient   TEXT    NOT NULL,
    kind        INTEGER NOT NULL,
    chunk       INTEGER NOT NULL,
    envelope_id BYTEA   NOT NULL,
    -- the encoded envelope, the same bytes at every submission; removed some time after the delivery's end
    content     BYTEA,
    PRIMARY KEY (delivery, recipient, kind, chunk)
);
INSERT INTO envelope_once (delivery, recipient, kind, chunk, envelope_id, content)
SELECT delivery, recipient, kind, chunk, envelope_id, content FROM envelope;
DROP TABLE envelope;
ALTER TABLE envelope_once RENAME TO envelope;

-- How far the news of a relay were read. The feed is the one whose numbers these are.
CREATE TABLE news_read (
    relay  TEXT   NOT NULL PRIMARY KEY,
    feed   TEXT   NOT NULL,
    number BIGINT NOT NULL
);

-- Which replica does the work that one does at a time.
CREATE TABLE lease (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    beats  BIGINT NOT NULL
);
