// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Links in the documents lead to files and headings of this repository.
class LinksTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern ID = Pattern.compile("<a id=\"([^\"]+)\"");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");

    private static List<Path> documents() throws IOException {
        try (var files = Stream.of(
                        PROJECT, PROJECT.resolve("docs"), PROJECT.resolve("clients"), PROJECT.resolve("examples"))
                .flatMap(LinksTest::below)) {
            return files.distinct().toList();
        }
    }

    private static Stream<Path> below(Path folder) {
        try {
            return Files.walk(folder, folder.equals(PROJECT) ? 1 : 3)
                    .filter(file -> file.toString().endsWith(".md"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void every_link_leads_somewhere() throws IOException {
        var broken = new ArrayList<String>();
        for (var document : documents()) {
            LINK.matcher(prose(document)).results().forEach(link -> {
                var file = link.group(1).isEmpty()
                        ? document
                        : document.resolveSibling(link.group(1)).normalize();
                if (!Files.exists(file)
                        || link.group(2) != null && !anchors(file).contains(link.group(2))) {
                    broken.add(PROJECT.relativize(document) + ": " + link.group());
                }
            });
        }
        assertThat(broken).isEmpty();
    }

    private static String prose(Path document) {
        try {
            return BLOCK.matcher(Files.readString(document)).replaceAll("");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As GitHub makes them.
    private static Set<String> anchors(Path document) {
        var text = prose(document);
        return Stream.concat(
                        HEADING.matcher(text)
                                .results()
                                .map(heading -> heading.group(1)
                                        .toLowerCase(Locale.ROOT)
                                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                        .replace(' ', '-')),
                        ID.matcher(text).results().map(id -> id.group(1)))
                .collect(Collectors.toSet());
    }
}
