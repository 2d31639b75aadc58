-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Whether the bytes of all envelopes are deleted, and of a deleted delivery its values too. An envelope without bytes
-- has an empty `encoded`; its row keeps the id, so that the same bundle gets the same receipt again.
ALTER TABLE delivery ADD COLUMN content_removed BOOLEAN NOT NULL DEFAULT FALSE;

CREATE INDEX delivery_checked ON delivery (verdict, content_removed, changed) WHERE state = 'checked';
CREATE INDEX delivery_deleted ON delivery (content_removed, changed) WHERE state = 'deleted';
