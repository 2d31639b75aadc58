-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Three more facts that all envelopes say alike, in header fields 20 to 22. Envelopes of earlier versions lack them and
-- are malformed today, so what was not delivered never will be.
ALTER TABLE delivery ADD COLUMN threshold INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN bits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN program BYTEA NOT NULL DEFAULT '';

UPDATE delivery SET state = 'refused', refusal_type = 'urn:shareferry:problem:envelope-malformed',
    refusal_detail = 'It was sealed by an earlier version, in a format that is not read any more. Deliver it anew in another run.'
WHERE state IN ('sealed', 'submitted', 'bundled');

-- Whether all of a protocol's own checks ran was true of protocols that have none.
UPDATE delivery SET macs_checked = FALSE
WHERE protocol IN ('semi', 'hemi', 'temi', 'soho', 'shamir', 'atlas', 'replicated-field', 'semi2k', 'replicated-ring',
    'dealer-ring', 'brain', 'astra', 'trio');
