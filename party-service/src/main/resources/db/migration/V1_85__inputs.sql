-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- Every run that a VM has begun here, in the hex digits of delivery ids. A VM that crashed with files of preprocessing
-- may repeat a run with its random values, so a run is served once. One short row for each run stays for ever.
CREATE TABLE seen_run (
    run  TEXT   NOT NULL PRIMARY KEY,
    seen BIGINT NOT NULL
);
INSERT INTO seen_run (run, seen) SELECT SUBSTR(id, 1, 32), MIN(created) FROM delivery GROUP BY SUBSTR(id, 1, 32);

-- Masked inputs that were fetched and that a VM takes, unless they are few. They are of no use after that.
CREATE TABLE input_part (
    spool   TEXT  NOT NULL,
    idx     INT   NOT NULL,
    holder  TEXT  NOT NULL,
    content BYTEA NOT NULL,
    PRIMARY KEY (spool, idx)
);
