-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A delivery is named by its id and its parties together, here as at the relay. The column id holds both
-- (`RUN-SEQUENCE,P0,P1`), the column delivery_id the id alone. Every delivery has a complete bundle, so its parties
-- are the senders of its envelopes.

ALTER TABLE delivery ADD COLUMN delivery_id TEXT NOT NULL DEFAULT '';

CREATE TABLE delivery_renamed (
    old_id TEXT NOT NULL PRIMARY KEY,
    new_id TEXT NOT NULL
);
INSERT INTO delivery_renamed (old_id, new_id)
SELECT d.id, d.id || ',' || (
    SELECT STRING_AGG(s.sender, ',' ORDER BY CAST(SUBSTR(s.sender, 2) AS INTEGER))
    FROM (SELECT DISTINCT e.sender FROM envelope e WHERE e.delivery = d.id) s)
FROM delivery d WHERE EXISTS (SELECT 1 FROM envelope e WHERE e.delivery = d.id);

INSERT INTO delivery (id, delivery_id, header, place_count, received, state, check_seed, verdict, doubts, first_seen,
    changed, expires)
SELECT r.new_id, d.id, d.header, d.place_count, d.received, d.state, d.check_seed, d.verdict, d.doubts, d.first_seen,
    d.changed, d.expires
FROM delivery d JOIN delivery_renamed r ON r.old_id = d.id;

UPDATE envelope SET delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = envelope.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE receipt SET delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = receipt.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE value_chunk SET delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = value_chunk.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE scheduled_tasks SET
    task_instance = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = scheduled_tasks.task_instance)
WHERE task_name = 'check-delivery' AND task_instance IN (SELECT old_id FROM delivery_renamed);

DELETE FROM delivery WHERE id IN (SELECT old_id FROM delivery_renamed);
DROP TABLE delivery_renamed;

CREATE UNIQUE INDEX delivery_by_id ON delivery (delivery_id, id);
