-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The same names as in the databases of relay and client.
ALTER TABLE envelope RENAME COLUMN chunk TO idx;
ALTER TABLE envelope RENAME COLUMN envelope_id TO id;
ALTER TABLE envelope RENAME COLUMN content TO encoded;
ALTER TABLE received_place RENAME COLUMN chunk TO idx;
