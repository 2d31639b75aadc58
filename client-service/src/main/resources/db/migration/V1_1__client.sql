-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Types that SQLite and PostgreSQL share. Times are milliseconds since 1970. Kinds are the codes of headers.

-- The public side of an opening key; the private side is a file of its own.
CREATE TABLE opening_key (
    id         TEXT   NOT NULL PRIMARY KEY,
    public_key BYTEA  NOT NULL,
    not_before BIGINT NOT NULL,
    not_after  BIGINT NOT NULL
);

-- One line per delivery, made by its first bundle, whose header all others are compared with.
CREATE TABLE delivery (
    id          TEXT   NOT NULL PRIMARY KEY,
    header      BYTEA  NOT NULL,
    place_count BIGINT NOT NULL,
    received    BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    check_seed  BYTEA,
    verdict     TEXT,
    doubts      TEXT,
    first_seen  BIGINT NOT NULL,
    changed     BIGINT NOT NULL,
    expires     BIGINT NOT NULL
);
CREATE INDEX delivery_changed ON delivery (changed);

-- The first envelope of a party for a place; it is never replaced.
CREATE TABLE envelope (
    delivery TEXT     NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    kind     SMALLINT NOT NULL,
    idx      INT      NOT NULL,
    sender   TEXT     NOT NULL,
    id       BYTEA    NOT NULL,
    encoded  BYTEA    NOT NULL,
    PRIMARY KEY (delivery, kind, idx, sender)
);

CREATE TABLE receipt (
    delivery  TEXT     NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    kind      SMALLINT NOT NULL,
    idx       INT      NOT NULL,
    receipt   BYTEA    NOT NULL,
    signature BYTEA    NOT NULL,
    PRIMARY KEY (delivery, kind, idx)
);

-- Values of deliveries whose check did not fail: signed, two's complement, little-endian.
CREATE TABLE value_chunk (
    delivery TEXT  NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    idx      INT   NOT NULL,
    raw      BYTEA NOT NULL,
    PRIMARY KEY (delivery, idx)
);
