-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- What the envelopes of a party for a delivery have in common: enc, keys and creation time, in one digest. The first
-- envelope of the party enters it; one of another hand-over is refused.
CREATE TABLE hand_over (
    delivery TEXT  NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    sender   TEXT  NOT NULL,
    digest   BYTEA NOT NULL,
    PRIMARY KEY (delivery, sender)
);
