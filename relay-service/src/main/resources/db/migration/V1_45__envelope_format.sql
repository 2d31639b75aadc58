-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Envelopes of the format before header version 2 are malformed today: nothing that is stored can be delivered or
-- read. The parties have the receipts of what was delivered.

DELETE FROM collecting;
DELETE FROM bundle;
DELETE FROM envelope;
DELETE FROM delivery_party;
DELETE FROM delivery;
DELETE FROM usage;
