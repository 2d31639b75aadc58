// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.webhook;

import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class WebhookOnPostgresTest extends WebhookTest {}
