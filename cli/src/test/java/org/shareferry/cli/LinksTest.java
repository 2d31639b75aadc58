// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Links in the documents lead to files and headings of this repository, and to files of a release.
class LinksTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");
    private static final Pattern ID = Pattern.compile("<a id=\"([^\"]+)\"");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^ *```.*?^ *```$");

    private static final Pattern INCLUDED = Pattern.compile("<include>(.*)</include>");
    private static final Pattern EXCLUDED = Pattern.compile("<exclude>(.*)</exclude>");
    /// In text, a path of the repository.
    private static final Pattern PATH = Pattern.compile("`((?:clients|deploy|examples|k8s|observe)/[\\w./-]+)`");

    /// What the archives of a release contain besides programs.
    private static final Set<Path> ARCHIVED = archived();

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

    /// A reader may have nothing but an unpacked release.
    @ParameterizedTest
    @MethodSource("archivedDocuments")
    void every_file_that_a_document_names_is_in_the_archive(Path document) throws IOException {
        var text = prose(document);
        var named = Stream.concat(
                LINK.matcher(text)
                        .results()
                        .map(link -> link.group(1))
                        .filter(link -> !link.isEmpty())
                        .map(link -> document.resolveSibling(link).normalize()),
                PATH.matcher(text).results().map(path -> PROJECT.resolve(path.group(1))));

        assertThat(named).allMatch(file -> ARCHIVED.stream().anyMatch(one -> one.startsWith(file)));
    }

    static Stream<Path> archivedDocuments() {
        return ARCHIVED.stream().filter(file -> file.toString().endsWith(".md"));
    }

    private static Set<Path> archived() {
        try (var files = Files.walk(PROJECT)) {
            var fileSet = Files.readString(PROJECT.resolve("release/src/assembly/programs.xml"))
                    .split("</fileSet>", 2)[0];
            var included = matchers(INCLUDED, fileSet);
            var excluded = matchers(EXCLUDED, fileSet);
            return files.filter(Files::isRegularFile)
                    .filter(file -> matches(included, file) && !matches(excluded, file))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<PathMatcher> matchers(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                // To Maven, two asterisks and a slash are also no folder at all.
                .map(match -> match.group(1).replace("**/", "{**/,}"))
                .map(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob))
                .toList();
    }

    private static boolean matches(List<PathMatcher> matchers, Path file) {
        var inside = PROJECT.relativize(file);
        return matchers.stream().anyMatch(matcher -> matcher.matches(inside));
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
