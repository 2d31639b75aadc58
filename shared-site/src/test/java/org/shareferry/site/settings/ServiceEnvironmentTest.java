// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.site.Database;

class ServiceEnvironmentTest {
    @TempDir
    Path folder;

    private Database database(Map<String, String> variables) throws SettingsException {
        return SiteSettings.read(ServiceEnvironment.of(folder, Optional.empty(), variables), folder)
                .database();
    }

    @ParameterizedTest
    @CsvSource({"P1, party.db", "R0, relay.db", "C0, client.db"})
    void the_database_is_a_file_of_the_role_unless_it_is_set(String member, String file) throws Exception {
        Files.writeString(folder.resolve("application.yml"), """
                shareferry:
                  member: %s
                  roster: roster.json
                  identity-key: identity.pem
                  party.protocol: mascot
                  client: {parties: "P0,P1", keys: keys}
                """.formatted(member));

        assertThat(database(Map.of())).isEqualTo(new Database.Sqlite(folder.resolve(file)));
        assertThat(database(Map.of("SPRING_DATASOURCE_URL", "jdbc:sqlite:other.db")))
                .isEqualTo(new Database.Sqlite(folder.resolve("other.db")));
    }
}
