// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ClassPathResource;

/// docs/reference/settings.md is made from the records of settings and their doc comments. With
/// `-Dshareferry.write-docs=true` this test writes it; without, it fails when the two differ.
class SettingsDocumentTest {
    private static final Path ROOT = Path.of("..");
    private static final Path DOCUMENT = ROOT.resolve(Path.of("docs", "reference", "settings.md"));

    private static final String HEAD = """
            # Settings

            Every setting of the three services that begins with `shareferry.`. This page is generated from the code.

            A setting is written in the service's `application.yml`, on the command line (`--shareferry.party.relay=R1`), or as an
            environment variable: capital letters, `_` for each dot, no hyphens (`SHAREFERRY_PARTY_BATCHITEMS` for
            `shareferry.party.batch-items`). A *duration* is a number with a unit (`200ms`, `30s`, `10m`, `24h`, `7d`), a *size*
            likewise (`512KB`, `8MB`, `20GB`, with 1 KB = 1024 bytes). A *list* is separated by commas, or is a YAML list. A *path*
            is relative to the folder in which the service starts. *Named groups* are settings under names of your choice, for
            example `shareferry.client.party-sets.<name>.parties`. *Required* means that the service does not start without it.

            Two more are not in the tables below: `shareferry.exit-with-parent=true` makes a service exit when its standard input ends,
            and the argument `--restored` tells a client-service that its whole site was restored from a backup
            ([input delivery](../input-delivery.md)). Spring Boot's own settings apply too, such as `server.port`, `management.server.port`
            and `spring.datasource.url`; this project's defaults for them are in `shareferry-service.yml` of the module `shared-site`.
            """;

    private static List<SettingsRecord> records() throws IOException {
        var defaults = defaults();
        var records = new ArrayList<SettingsRecord>();
        for (var file : sources(ROOT.resolve("shared-site"))) {
            SettingsRecord.read(file, defaults).ifPresent(records::add);
        }
        records.sort(Comparator.comparing(SettingsRecord::prefix).thenComparing(SettingsRecord::about));
        return records;
    }

    private static List<Path> sources(Path module) throws IOException {
        try (var files = Files.find(
                module.resolve(Path.of("src", "main", "java")),
                Integer.MAX_VALUE,
                (file, about) -> file.toString().endsWith(".java"))) {
            var found = new ArrayList<Path>();
            for (var file : files.toList()) {
                if (Files.readString(file).contains("@ConfigurationProperties(")) {
                    found.add(file);
                }
            }
            return found;
        }
    }

    private static Properties defaults() {
        var yaml = new YamlPropertiesFactoryBean();
        yaml.setResources(new ClassPathResource("shareferry-service.yml"));
        var properties = yaml.getObject();
        assertThat(properties).isNotNull();
        return properties;
    }

    private static String expected() throws IOException {
        var text = new StringBuilder(HEAD);
        var before = "";
        for (var record : records()) {
            if (!record.prefix().equals(before)) {
                text.append("%n## %s%n".formatted(record.prefix()));
            }
            text.append(table(record));
            before = record.prefix();
        }
        return text.toString();
    }

    private static String table(SettingsRecord record) {
        return record.settings().stream()
                .map(setting -> "| `%s` | %s | %s | %s |%n"
                        .formatted(
                                setting.name(),
                                setting.type(),
                                setting.otherwise().orElse("*required*"),
                                setting.meaning()))
                .collect(Collectors.joining(
                        "",
                        "%n%s%n%n| setting | type | default | meaning |%n|---|---|---|---|%n".formatted(record.about()),
                        ""));
    }

    @Test
    void the_document_lists_every_setting() throws IOException {
        if (Boolean.getBoolean("shareferry.write-docs")) {
            Files.writeString(DOCUMENT, expected());
        }

        assertThat(DOCUMENT)
                .as("docs/reference/settings.md; to write it anew, run `./mvnw verify -pl shared-service -am"
                        + " -Dtest=SettingsDocumentTest -DargLine=-Dshareferry.write-docs=true`")
                .hasContent(expected());
    }

    @Test
    void every_setting_is_explained_in_whole_sentences() throws IOException {
        assertThat(records().stream().flatMap(record -> record.settings().stream()))
                .isNotEmpty()
                .allSatisfy(setting -> assertThat(setting.meaning())
                        .as("the @param text of %s: whole sentences that end with a full stop", setting.name())
                        .matches("[A-Z`].*\\."));
    }
}
