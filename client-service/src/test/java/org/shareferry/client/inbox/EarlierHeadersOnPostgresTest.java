// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class EarlierHeadersOnPostgresTest extends EarlierHeadersTest {}
