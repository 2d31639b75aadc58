-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Numbers the changes of deliveries in the order of their commits: the one row is locked from when a transaction takes
-- a number until it commits. A sequence or a clock would not do: numbers could become visible out of order.
CREATE TABLE change_counter (
    last BIGINT NOT NULL
);

-- The number of the delivery's last change. It is null only inside the transaction that inserts the row.
ALTER TABLE delivery ADD COLUMN change_number BIGINT;

UPDATE delivery SET change_number = numbered.number
FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY changed, id) AS number FROM delivery) AS numbered
WHERE numbered.id = delivery.id;

INSERT INTO change_counter (last) SELECT COUNT(*) FROM delivery;

CREATE UNIQUE INDEX delivery_change_number ON delivery (change_number);
DROP INDEX delivery_changed;

-- Deliveries that can still expire, those due first.
CREATE INDEX delivery_state_expires ON delivery (state, expires);
