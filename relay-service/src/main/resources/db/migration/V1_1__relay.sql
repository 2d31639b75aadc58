-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Types that SQLite and PostgreSQL share. Times are milliseconds since 1970. Kinds are the codes of headers.

-- One line per delivery, made by its first envelope, whose header all others are compared with.
CREATE TABLE delivery (
    id                TEXT    NOT NULL PRIMARY KEY,
    recipient         TEXT    NOT NULL,
    header            BYTEA   NOT NULL,
    place_count       BIGINT  NOT NULL,
    first_seen        BIGINT  NOT NULL,
    last_change       BIGINT  NOT NULL,
    expires           BIGINT  NOT NULL,
    expired           BOOLEAN NOT NULL DEFAULT FALSE,
    released          BOOLEAN NOT NULL DEFAULT FALSE,
    differing_members TEXT,
    differing_fields  TEXT
);
CREATE INDEX delivery_expires ON delivery (expired, released, expires);

-- Who may see a delivery, and how many of its envelopes are here.
CREATE TABLE delivery_party (
    delivery TEXT   NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    party    TEXT   NOT NULL,
    stored   BIGINT NOT NULL,
    PRIMARY KEY (delivery, party)
);
CREATE INDEX delivery_party_party ON delivery_party (party, delivery);

-- The first envelope of a party for a place; it is never replaced. Its content goes when it is no longer needed.
CREATE TABLE envelope (
    delivery TEXT     NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    kind     SMALLINT NOT NULL,
    idx      INT      NOT NULL,
    sender   TEXT     NOT NULL,
    id       BYTEA    NOT NULL,
    encoded  BYTEA,
    size     BIGINT   NOT NULL,
    stored   BIGINT   NOT NULL,
    PRIMARY KEY (delivery, kind, idx, sender)
);

-- A place for which every party's envelope is there, or whose envelopes disagree.
CREATE TABLE bundle (
    delivery          TEXT     NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    kind              SMALLINT NOT NULL,
    idx               INT      NOT NULL,
    recipient         TEXT     NOT NULL,
    state             TEXT     NOT NULL,
    refusal_type      TEXT,
    refusal_detail    TEXT,
    refusal_members   TEXT,
    receipt           BYTEA,
    receipt_signature BYTEA,
    made              BIGINT   NOT NULL,
    changed           BIGINT   NOT NULL,
    released          BOOLEAN  NOT NULL DEFAULT FALSE,
    PRIMARY KEY (delivery, kind, idx)
);
CREATE INDEX bundle_waiting ON bundle (state, recipient, made);
CREATE INDEX bundle_release ON bundle (state, released, changed);

-- Bytes that a party has here, for its quota.
CREATE TABLE usage (
    sender TEXT   NOT NULL PRIMARY KEY,
    bytes  BIGINT NOT NULL
);

CREATE TABLE key_announcement (
    client       TEXT   NOT NULL PRIMARY KEY,
    announcement BYTEA  NOT NULL,
    signature    BYTEA  NOT NULL,
    issued       BIGINT NOT NULL
);
