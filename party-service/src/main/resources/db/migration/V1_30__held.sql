-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A delivery with a refusal that has not ended is held: it was refused for a cause that can be mended. Earlier versions
-- ended such deliveries. Those whose envelopes are all kept go on, until they expire.
UPDATE delivery SET state = CASE WHEN submitted < sealed THEN 'sealed' ELSE 'submitted' END
WHERE state = 'refused'
    AND refusal_type NOT IN (
        'urn:shareferry:problem:signature-wrong',
        'urn:shareferry:problem:facts-differ',
        'urn:shareferry:problem:bundle-incomplete',
        'urn:shareferry:problem:ciphertext-wrong',
        'urn:shareferry:problem:envelope-conflict')
    AND NOT EXISTS (SELECT 1 FROM envelope e WHERE e.delivery = delivery.id AND e.content IS NULL);

INSERT INTO scheduled_tasks (task_name, task_instance, execution_time, picked, version)
SELECT 'submit-envelopes', id, 0, FALSE, 1 FROM delivery
WHERE state IN ('sealed', 'submitted') AND refusal_type IS NOT NULL
ON CONFLICT (task_name, task_instance) DO NOTHING;
