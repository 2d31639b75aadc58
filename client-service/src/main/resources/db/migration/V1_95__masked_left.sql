-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The masked values of an answer are deleted when nobody comes for them any more. Its statement and signature stay: a
-- request never gets a second answer.
ALTER TABLE answer ADD COLUMN masked_left BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE answer SET masked_left = TRUE WHERE masked_size > 0;
CREATE INDEX answer_masked ON answer (answered) WHERE masked_left;
