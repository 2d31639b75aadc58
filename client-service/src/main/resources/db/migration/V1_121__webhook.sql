-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- How far the webhook has come: the end number of the last delivery that was acknowledged, passed over or given up, and
-- since when the next one fails (milliseconds since 1970). There is no row while the webhook is off.
CREATE TABLE webhook (
    name          TEXT   NOT NULL PRIMARY KEY,
    told          BIGINT NOT NULL,
    failing_since BIGINT
);
