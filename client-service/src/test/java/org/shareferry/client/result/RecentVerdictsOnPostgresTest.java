// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class RecentVerdictsOnPostgresTest extends RecentVerdictsTest {}
