-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The masked values of an answer are deleted when their retention is over. Its statement stays as long as its delivery:
-- the first answer is never replaced.
ALTER TABLE answer_upload ADD COLUMN released BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX answer_upload_releasable ON answer_upload (changed) WHERE complete AND NOT released;
