-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Inputs that their owner gave before a program asks for them. Their values are encoded and checked when they come.
-- An input is being stored until all its rows are here; then it waits.
CREATE TABLE input (
    id                TEXT   NOT NULL PRIMARY KEY,
    state             TEXT   NOT NULL,
    label             BIGINT NOT NULL,
    parties           TEXT   NOT NULL,
    protocols         TEXT   NOT NULL,
    accept_unverified TEXT   NOT NULL,
    value_count       BIGINT NOT NULL,
    fixed_precision   INT    NOT NULL,
    bits              INT    NOT NULL,
    program           BYTEA  NOT NULL,
    uses_left         INT    NOT NULL,
    created           BIGINT NOT NULL,
    ends              BIGINT NOT NULL
);
CREATE UNIQUE INDEX input_waiting ON input (label, parties) WHERE state = 'waiting';
CREATE INDEX input_ends ON input (state, ends);

-- Signed integers, two's complement, little-endian, all of one input with the same size; at most 1 MiB in a row.
CREATE TABLE input_row (
    input TEXT  NOT NULL REFERENCES input (id) ON DELETE CASCADE,
    idx   INT   NOT NULL,
    raw   BYTEA NOT NULL,
    PRIMARY KEY (input, idx)
);

-- Requests that were checked and have no answer. A request's time is the earliest creation time of its envelopes.
CREATE TABLE request (
    delivery TEXT   NOT NULL PRIMARY KEY,
    created  BIGINT NOT NULL
);
CREATE INDEX request_created ON request (created);

-- The one answer to a request, named by its id and parties: a row is a promise, and it is never deleted. A request
-- whose answer may have been lost with a part of the database is spoilt: it has a row without a statement.
CREATE TABLE answer (
    delivery       TEXT    NOT NULL PRIMARY KEY,
    counter        BIGINT  NOT NULL,
    number         BIGINT,
    statement      BYTEA,
    signature      BYTEA,
    masked_size    BIGINT  NOT NULL,
    answered       BIGINT  NOT NULL,
    envelopes_left BOOLEAN NOT NULL,
    brought        BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX answer_number ON answer (number);
CREATE INDEX answer_envelopes ON answer (delivery) WHERE envelopes_left;
CREATE INDEX answer_to_bring ON answer (number) WHERE NOT brought;

-- The masked values m = x + r of an answer, in order, at most 1 MiB in a row.
CREATE TABLE answer_row (
    delivery TEXT  NOT NULL REFERENCES answer (delivery),
    idx      INT   NOT NULL,
    masked   BYTEA NOT NULL,
    PRIMARY KEY (delivery, idx)
);

-- How many answers there were, as in the file beside the opening keys; and before which time nothing was asked that
-- is answered.
CREATE TABLE answering (
    counter      BIGINT NOT NULL,
    asked_after  BIGINT NOT NULL
);
INSERT INTO answering (counter, asked_after) VALUES (0, 0);

-- Which replica answers. A holder shows that it lives by raising its beats; an empty holder is nobody.
CREATE TABLE lease (
    name   TEXT   NOT NULL PRIMARY KEY,
    holder TEXT   NOT NULL,
    beats  BIGINT NOT NULL
);
