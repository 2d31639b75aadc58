-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A page of the deliveries that one member sees is read from an index in the order of the page: of a party from its
-- rows in delivery_party, which therefore state the delivery's id too; of a client from delivery.

ALTER TABLE delivery_party ADD COLUMN delivery_id TEXT NOT NULL DEFAULT '';

UPDATE delivery_party SET delivery_id = (SELECT d.delivery_id FROM delivery d WHERE d.id = delivery_party.delivery);

DROP INDEX delivery_party_party;
CREATE INDEX delivery_party_page ON delivery_party (party, delivery_id, delivery);
CREATE INDEX delivery_recipient_page ON delivery (recipient, delivery_id, id);
