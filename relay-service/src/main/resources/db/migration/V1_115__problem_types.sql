-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- The type of a problem is a relative link now. Earlier versions stored urn:shareferry:problem: and the name.
UPDATE bundle SET refusal_type = '/problem-types#' || SUBSTR(refusal_type, 24)
WHERE refusal_type LIKE 'urn:shareferry:problem:%';

UPDATE feed SET type = '/problem-types#' || SUBSTR(type, 24)
WHERE type LIKE 'urn:shareferry:problem:%';
