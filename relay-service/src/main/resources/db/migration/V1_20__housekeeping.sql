-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Whether it was decided, after the delivery's youngest envelope was too old, if it was delivered or has expired. What
-- is decided is not looked at again until its rows are deleted.
ALTER TABLE delivery ADD COLUMN settled BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX delivery_settled ON delivery (settled, expires);
