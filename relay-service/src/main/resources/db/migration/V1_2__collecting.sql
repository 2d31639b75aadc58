-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Places with some envelopes but not all, and since when: a small line beside the large ones of envelopes, so that the
-- oldest is found at once. What an older version of the service completes stays here; readers look at bundles too.
CREATE TABLE collecting (
    delivery TEXT     NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    kind     SMALLINT NOT NULL,
    idx      INT      NOT NULL,
    since    BIGINT   NOT NULL,
    PRIMARY KEY (delivery, kind, idx)
);
CREATE INDEX collecting_since ON collecting (since);

INSERT INTO collecting (delivery, kind, idx, since)
SELECT e.delivery, e.kind, e.idx, MIN(e.stored)
FROM envelope e JOIN delivery d ON d.id = e.delivery
WHERE d.expired = FALSE AND d.released = FALSE AND NOT EXISTS (
    SELECT 1 FROM bundle b WHERE b.delivery = e.delivery AND b.kind = e.kind AND b.idx = e.idx)
GROUP BY e.delivery, e.kind, e.idx;
