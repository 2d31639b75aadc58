-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- One more fact that all envelopes say alike: whether shares were re-randomised with pairwise keys. Envelopes of earlier
-- versions do not say it, so it is false for their deliveries.
ALTER TABLE delivery ADD COLUMN rerandomised BOOLEAN NOT NULL DEFAULT FALSE;
