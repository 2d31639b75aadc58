-- SPDX-FileCopyrightText: The Shareferry authors
-- SPDX-License-Identifier: Apache-2.0

-- A bundle with the client's receipt is `received`, as in the API. Earlier versions called it `delivered`.
UPDATE bundle SET state = 'received' WHERE state = 'delivered';
