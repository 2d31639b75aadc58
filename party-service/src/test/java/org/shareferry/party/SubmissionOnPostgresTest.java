// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class SubmissionOnPostgresTest extends SubmissionHttpTest {}
