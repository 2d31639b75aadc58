-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Envelopes of the format before header version 2 are malformed today, so what was not delivered never will be. What was
-- sealed for masks and tails (kinds 1 and 2) has no place any more.

UPDATE delivery SET state = 'refused', refusal_type = 'urn:shareferry:problem:envelope-malformed',
    refusal_detail = 'It was sealed by an earlier version, in a format that is not read any more. Deliver it anew in another run.'
WHERE state IN ('sealed', 'submitted', 'bundled');

DELETE FROM envelope WHERE kind IN (1, 2);
