-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Numbers deliveries in the order in which they were handed over completely, by which lists are paged: the one row is
-- locked until the commit, so that a delivery that becomes visible later has a higher number.
CREATE TABLE hand_over_counter (
    last BIGINT NOT NULL
);

-- It is null while the delivery is open.
ALTER TABLE delivery ADD COLUMN number BIGINT;

UPDATE delivery SET number = numbered.number
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY created, id) AS number FROM delivery WHERE state <> 'open') AS numbered
WHERE numbered.id = delivery.id;

INSERT INTO hand_over_counter (last) SELECT COUNT(*) FROM delivery;

CREATE UNIQUE INDEX delivery_number ON delivery (number);
DROP INDEX delivery_created;
