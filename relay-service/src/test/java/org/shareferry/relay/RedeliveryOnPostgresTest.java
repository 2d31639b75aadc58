// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class RedeliveryOnPostgresTest extends RedeliveryTest {}
