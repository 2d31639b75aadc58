-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The masked values of an answer come in parts while they are read, and count for their client's quota in `usage`. They
-- are an answer's when its line is there; other uploads are dropped after a while.
CREATE TABLE answer_upload (
    id       TEXT    NOT NULL PRIMARY KEY,
    delivery TEXT    NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    client   TEXT    NOT NULL,
    size     BIGINT  NOT NULL,
    changed  BIGINT  NOT NULL,
    complete BOOLEAN NOT NULL DEFAULT FALSE
);
CREATE INDEX answer_upload_delivery ON answer_upload (delivery);
CREATE INDEX answer_upload_left ON answer_upload (complete, changed);

CREATE TABLE answer_part (
    upload  TEXT  NOT NULL REFERENCES answer_upload (id) ON DELETE CASCADE,
    idx     INT   NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (upload, idx)
);

-- The first answer to a request for inputs; it is never replaced. It goes with its delivery.
CREATE TABLE answer (
    delivery  TEXT   NOT NULL PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    upload    TEXT   NOT NULL REFERENCES answer_upload (id) ON DELETE CASCADE,
    statement BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    stored    BIGINT NOT NULL
);

-- Another answer to the same request that its client signed, too: with the first one it proves that the client cheats.
CREATE TABLE answer_evidence (
    delivery  TEXT   NOT NULL PRIMARY KEY REFERENCES delivery (id) ON DELETE CASCADE,
    statement BYTEA  NOT NULL,
    signature BYTEA  NOT NULL,
    stored    BIGINT NOT NULL
);

-- How far the answers of a client that is dialled were read.
CREATE TABLE answers_read (
    client TEXT   NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL
);
