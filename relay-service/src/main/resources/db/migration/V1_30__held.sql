-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A bundle that its client refused for a cause that can be mended is held, and offered again from this time on. It also
-- holds for a bundle that is offered `again`. Earlier versions refused such bundles for good.
ALTER TABLE bundle ADD COLUMN offer_at BIGINT;

UPDATE bundle SET state = 'held', offer_at = 0
WHERE state = 'refused' AND receipt IS NULL
    AND refusal_type NOT IN (
        'urn:shareferry:problem:signature-wrong',
        'urn:shareferry:problem:facts-differ',
        'urn:shareferry:problem:bundle-incomplete',
        'urn:shareferry:problem:ciphertext-wrong',
        'urn:shareferry:problem:envelope-conflict')
    AND delivery IN (SELECT id FROM delivery WHERE expired = FALSE AND released = FALSE);
