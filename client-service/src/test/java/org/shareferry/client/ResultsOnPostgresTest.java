// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class ResultsOnPostgresTest extends ResultsOverTlsTest {}
