-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The column header contains these facts.
ALTER TABLE delivery DROP COLUMN value_count;
ALTER TABLE delivery DROP COLUMN values_per_chunk;
ALTER TABLE delivery DROP COLUMN domain;
ALTER TABLE delivery DROP COLUMN scheme;
ALTER TABLE delivery DROP COLUMN fixed_precision;
ALTER TABLE delivery DROP COLUMN label;
ALTER TABLE delivery DROP COLUMN parties;
ALTER TABLE delivery DROP COLUMN protocol;
ALTER TABLE delivery DROP COLUMN macs_checked;
ALTER TABLE delivery DROP COLUMN rerandomised;
ALTER TABLE delivery DROP COLUMN threshold;
ALTER TABLE delivery DROP COLUMN bits;
ALTER TABLE delivery DROP COLUMN program;
