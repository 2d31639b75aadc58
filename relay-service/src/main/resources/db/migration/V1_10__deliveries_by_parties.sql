-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A delivery is named by its id and its parties together: whoever comes first with an id takes nothing from members
-- of another set of parties. The column id holds both (`RUN-SEQUENCE,P0,P1`), the column delivery_id the id alone.
-- The new column expires says when an envelope or a bundle is too old; that of a delivery is now the latest of its
-- envelopes', and a bundle has that of its oldest envelope.

ALTER TABLE delivery ADD COLUMN delivery_id TEXT NOT NULL DEFAULT '';
ALTER TABLE envelope ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE bundle ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;
ALTER TABLE collecting ADD COLUMN expires BIGINT NOT NULL DEFAULT 0;

CREATE TABLE delivery_renamed (
    old_id  TEXT   NOT NULL PRIMARY KEY,
    new_id  TEXT   NOT NULL,
    expires BIGINT NOT NULL
);
INSERT INTO delivery_renamed (old_id, new_id, expires)
SELECT d.id, d.id || ',' || (
    SELECT STRING_AGG(p.party, ',' ORDER BY CAST(SUBSTR(p.party, 2) AS INTEGER))
    FROM delivery_party p WHERE p.delivery = d.id), d.expires
FROM delivery d WHERE EXISTS (SELECT 1 FROM delivery_party p WHERE p.delivery = d.id);

INSERT INTO delivery (id, delivery_id, recipient, header, place_count, first_seen, last_change, expires, expired,
    released, differing_members, differing_fields)
SELECT r.new_id, d.id, d.recipient, d.header, d.place_count, d.first_seen, d.last_change, d.expires, d.expired,
    d.released, d.differing_members, d.differing_fields
FROM delivery d JOIN delivery_renamed r ON r.old_id = d.id;

UPDATE delivery_party SET delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = delivery_party.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE envelope SET
    delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = envelope.delivery),
    expires = (SELECT r.expires FROM delivery_renamed r WHERE r.old_id = envelope.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE bundle SET
    delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = bundle.delivery),
    expires = (SELECT r.expires FROM delivery_renamed r WHERE r.old_id = bundle.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);
UPDATE collecting SET
    delivery = (SELECT r.new_id FROM delivery_renamed r WHERE r.old_id = collecting.delivery),
    expires = (SELECT r.expires FROM delivery_renamed r WHERE r.old_id = collecting.delivery)
WHERE delivery IN (SELECT old_id FROM delivery_renamed);

DELETE FROM delivery WHERE id IN (SELECT old_id FROM delivery_renamed);
DROP TABLE delivery_renamed;

CREATE UNIQUE INDEX delivery_by_id ON delivery (delivery_id, id);
CREATE INDEX bundle_expires ON bundle (state, expires);
CREATE INDEX collecting_expires ON collecting (expires);

-- Pushing is scheduled under the name of the delivery; whatever waits is scheduled again within a minute.
DELETE FROM scheduled_tasks WHERE task_name = 'push-bundle';
