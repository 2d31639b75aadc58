// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay.retention;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.fixture.OnPostgres;

@OnPostgres
class HousekeepingStepsOnPostgresTest extends HousekeepingStepsTest {
    HousekeepingStepsOnPostgresTest(@TempDir Path folder) {
        super(folder);
    }
}
