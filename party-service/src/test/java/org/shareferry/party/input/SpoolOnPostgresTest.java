// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class SpoolOnPostgresTest extends SpoolTest {}
