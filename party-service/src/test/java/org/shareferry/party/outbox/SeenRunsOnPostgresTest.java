// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.outbox;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class SeenRunsOnPostgresTest extends SeenRunsTest {}
