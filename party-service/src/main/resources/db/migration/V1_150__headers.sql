-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The header of the delivery's first envelope, as in the databases of relay and client. All headers of a delivery have
-- the same facts. Version 1.151 fills it for existing deliveries; version 1.152 drops the columns that it replaces.
ALTER TABLE delivery ADD COLUMN header BYTEA NOT NULL DEFAULT '';
