// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.Environment;

class RenamedSettingsTest {
    private static final Path DOCUMENT = Path.of("../docs/reference/settings.md");

    @TempDir
    Path folder;

    private Environment environment(String file, Map<String, String> variables) throws Exception {
        Files.writeString(folder.resolve("application.yml"), file);
        return ServiceEnvironment.of(folder, Optional.empty(), variables);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    shareferry.party.vm.patience: 1m                     | shareferry.party.vm.message-timeout
                    shareferry.party.vm: {lastWords: 3s}                 | shareferry.party.vm.drain-timeout
                    shareferry.party.vms.b.key-patience: 3s              | shareferry.party.vm.key-timeout
                    shareferry.client.party-sets.three.most-corrupt: 2   | shareferry.client.min-threshold
                    shareferry.relay: {longest_retry: 3s}                | shareferry.relay.max-backoff""")
    void an_old_name_in_a_file_is_found_with_the_new_one(String file, String renamed) throws Exception {
        var sentences = RenamedSettings.in(environment(file, Map.of()));

        assertThat(sentences).singleElement().asString().contains(renamed);
        assertThat(DOCUMENT).content().contains("| `" + renamed + "` |");
    }

    @ParameterizedTest
    @CsvSource({
        "SHAREFERRY_PARTY_VM_LASTWORDS, drain-timeout",
        "SHAREFERRY_PARTY_VM_LAST_WORDS, drain-timeout",
        "SHAREFERRY_PARTY_VMS_B_RETRY, connect-interval",
        "SHAREFERRY_CLIENT_PARTYSETS_A_MOSTCORRUPT, min-threshold"
    })
    void an_old_name_in_an_environment_variable_is_found(String variable, String renamed) throws Exception {
        var sentences = RenamedSettings.in(environment("", Map.of(variable, "1")));

        assertThat(sentences).singleElement().asString().contains(renamed);
    }

    @Test
    void new_names_and_other_settings_are_not_reported() throws Exception {
        var environment = environment("""
                shareferry.party: {vm: {message-timeout: 1m, port: 14000}, vms.retry.port: 15000}
                shareferry.relay.max-backoff: 1m
                spring.application.name: patience""", Map.of("SHAREFERRY_PARTY_MINBACKOFF", "1s"));

        assertThat(RenamedSettings.in(environment)).isEmpty();
    }

    @Test
    void the_doctor_refuses_settings_with_an_old_name() throws Exception {
        var environment = environment("shareferry: {member: P0, body-time: 1m}", Map.of());

        assertThatThrownBy(() -> SiteSettings.read(environment, folder))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("shareferry.body-timeout");
    }
}
