-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- One row for each delivery ever handed over. Rows stay, so that an id is never used twice. Times are milliseconds
-- since 1970. The columns from recipient to macs_checked are the facts that all envelopes say alike.
CREATE TABLE delivery (
    id               TEXT    NOT NULL PRIMARY KEY,
    recipient        TEXT    NOT NULL,
    value_count      BIGINT  NOT NULL,
    values_per_chunk INTEGER NOT NULL,
    domain           TEXT    NOT NULL,
    scheme           TEXT    NOT NULL,
    fixed_precision  INTEGER NOT NULL,
    label            BIGINT  NOT NULL,
    parties          TEXT    NOT NULL,
    protocol         TEXT    NOT NULL,
    macs_checked     BOOLEAN NOT NULL,
    -- open while it is handed over; then sealed, submitted, bundled, received, expired or refused
    state            TEXT    NOT NULL,
    -- the instance of this service that takes it over
    holder           TEXT    NOT NULL,
    created          BIGINT  NOT NULL,
    changed          BIGINT  NOT NULL,
    expires          BIGINT  NOT NULL,
    -- envelopes that have been sealed, accepted by the relay, and acknowledged by the client
    sealed           BIGINT  NOT NULL,
    submitted        BIGINT  NOT NULL,
    received         BIGINT  NOT NULL,
    refusal_type     TEXT,
    refusal_detail   TEXT
);

CREATE INDEX delivery_state ON delivery (state, changed);
CREATE INDEX delivery_created ON delivery (created, id);

-- One row for each envelope. The primary key is the promise never to seal twice for one place.
CREATE TABLE envelope (
    delivery          TEXT    NOT NULL REFERENCES delivery (id),
    recipient         TEXT    NOT NULL,
    -- the number of the kind in headers, and the index of the chunk
    kind              INTEGER NOT NULL,
    chunk             INTEGER NOT NULL,
    envelope_id       BYTEA   NOT NULL,
    -- the encoded envelope, the same bytes at every submission; removed some time after the delivery's end
    content           BYTEA,
    -- sealed, submitted or received
    state             TEXT    NOT NULL,
    receipt           BYTEA,
    receipt_signature BYTEA,
    PRIMARY KEY (delivery, recipient, kind, chunk)
);

CREATE INDEX envelope_state ON envelope (delivery, state, kind, chunk);

-- The newest key announcement of each client, as signed.
CREATE TABLE announcement (
    client       TEXT   NOT NULL PRIMARY KEY,
    announcement BYTEA  NOT NULL,
    signature    BYTEA  NOT NULL,
    fetched      BIGINT NOT NULL
);
