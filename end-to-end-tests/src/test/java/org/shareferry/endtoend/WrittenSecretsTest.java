// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class WrittenSecretsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "password: hunter2",
                "    password: 'hunter2'",
                "spring.datasource.password=hunter2",
                "  SPRING_DATASOURCE_PASSWORD: hunter2",
                "shareferry: {member: C0, webhook: {secret: hunter2}}",
                "- keystore-password: \"hunter2\"",
                "api-key: hunter2",
                "\"token\": \"hunter2\"",
                "password: ${DATABASE_PASSWORD:hunter2}",
                "password: hun/ter2==",
                "# password: hunter2"
            })
    void a_secret_with_its_value_is_found(String line) {
        assertThat(WrittenSecrets.lines("member: P0\n" + line)).containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "  SPRING_DATASOURCE_PASSWORD: ${DATABASE_PASSWORD:-}",
                "password: \"${DATABASE_PASSWORD}\"",
                "password:",
                "password: ''",
                "secretName: shareferry-tls",
                "secret: {secretName: shareferry-tls}",
                "valueFrom: {secretKeyRef: {name: shareferry-database, key: password}}",
                "secret-file: /data/webhook.secret",
                "secret: /data/webhook.secret",
                "- name: SPRING_DATASOURCE_PASSWORD",
                "automountServiceAccountToken: false"
            })
    void a_placeholder_a_name_and_a_path_are_no_secrets(String line) {
        assertThat(WrittenSecrets.lines(line)).isEmpty();
    }

    @Test
    void settings_files_of_a_folder_are_read() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("a/b")).resolve("application.yml"), "x: 1\npassword: hunter2\n");
        Files.writeString(folder.resolve("notes.md"), "password: hunter2");

        assertThat(WrittenSecrets.in(folder)).containsExactly("a/b/application.yml:2");
    }

    @Test
    void the_settings_of_the_checkout_that_archives_copy_have_no_secrets() throws Exception {
        for (var copied : new String[] {"deploy", "examples", "k8s", "observe", "clients"}) {
            assertThat(WrittenSecrets.in(Programs.PROJECT.resolve(copied)))
                    .as(copied)
                    .isEmpty();
        }
    }
}
