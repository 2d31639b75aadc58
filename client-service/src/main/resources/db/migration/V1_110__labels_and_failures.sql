-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The label of the header, to find deliveries by it. Earlier rows get theirs in the next step.
ALTER TABLE delivery ADD COLUMN label BIGINT NOT NULL DEFAULT 0;

-- What failed of a rejected delivery. Rows that were checked before say nothing.
ALTER TABLE delivery ADD COLUMN failures TEXT;

CREATE INDEX delivery_first_seen ON delivery (first_seen, id);
CREATE INDEX delivery_label ON delivery (label, first_seen, id);
