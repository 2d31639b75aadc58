-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Whether this database is a copy that `shareferry backup` made and that no service has used yet. The copy has the mark,
-- the original does not.
ALTER TABLE answering ADD COLUMN restored BOOLEAN NOT NULL DEFAULT FALSE;
