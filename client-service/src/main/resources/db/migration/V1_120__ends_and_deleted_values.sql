-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- When a delivery ended, by its check or its expiry, and the number of that change. Later changes, such as the
-- deletion of its values, leave both as they are: retention counts from the end, and each end is announced once.
-- Times are milliseconds since 1970.
ALTER TABLE delivery ADD COLUMN ended BIGINT;
ALTER TABLE delivery ADD COLUMN end_number BIGINT;
UPDATE delivery SET ended = changed, end_number = change_number WHERE state IN ('checked', 'expired', 'deleted');

-- When values were deleted of a delivery whose verdict is kept, and whether some are still stored.
ALTER TABLE delivery ADD COLUMN values_deleted BIGINT;
ALTER TABLE delivery ADD COLUMN values_left BOOLEAN NOT NULL DEFAULT FALSE;

DROP INDEX delivery_checked;
CREATE INDEX delivery_checked ON delivery (verdict, content_removed, ended) WHERE state = 'checked';
CREATE INDEX delivery_with_values ON delivery (verdict, ended) WHERE state = 'checked' AND values_deleted IS NULL;
CREATE INDEX delivery_values_left ON delivery (values_deleted) WHERE values_left;
CREATE UNIQUE INDEX delivery_end_number ON delivery (end_number);
