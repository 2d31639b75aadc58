// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// Services refuse unknown parameters. So the URLs in the documents have only those that `docs/api` has for their
/// paths.
class UrlsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    /// A path, which may be missing, and parameters.
    private static final Pattern URL = Pattern.compile("(/v1/[^\\s\"'`?)]*)?\\?(\\w+=[^\\s\"'`)]*)");
    /// Others' URLs with parameters.
    private static final Set<String> NOT_OURS = Set.of("sslmode");
    /// The parameters by the path's pattern.
    private static final Map<String, Set<String>> PARAMETERS = parameters();

    private static Map<String, Set<String>> parameters() {
        var found = new TreeMap<String, Set<String>>();
        for (var api : List.of("client", "relay", "party")) {
            var document = JsonMapper.shared()
                    .readTree(PROJECT.resolve("docs/api/" + api + ".json").toFile());
            for (var path : document.path("paths").properties()) {
                var names =
                        found.computeIfAbsent(path.getKey().replaceAll("\\{\\w+}", "[^/]+"), key -> new HashSet<>());
                path.getValue()
                        .forEach(operation -> operation
                                .path("parameters")
                                .forEach(parameter ->
                                        names.add(parameter.path("name").asString())));
            }
        }
        return found;
    }

    /// A URL of a service in a document.
    ///
    /// @param path is empty if the document leaves it out
    record DocumentedUrl(String document, String path, List<String> parameters) {
        private static DocumentedUrl of(String document, MatchResult url) {
            var parameters = Arrays.stream(url.group(2).split("&"))
                    .map(parameter -> parameter.split("=", 2)[0])
                    .toList();
            return new DocumentedUrl(document, Objects.requireNonNullElse(url.group(1), ""), parameters);
        }
    }

    static List<DocumentedUrl> urls() throws IOException {
        var found = new ArrayList<DocumentedUrl>();
        for (var document : DocumentsTest.documents().toList()) {
            if (!document.equals("CHANGELOG.md")) {
                URL.matcher(Files.readString(PROJECT.resolve(document)))
                        .results()
                        .map(url -> DocumentedUrl.of(document, url))
                        .filter(url -> !NOT_OURS.contains(url.parameters().getFirst()))
                        .forEach(found::add);
            }
        }
        return found;
    }

    @Test
    void documents_have_urls_with_parameters() throws IOException {
        assertThat(urls()).hasSizeGreaterThanOrEqualTo(23);
    }

    @ParameterizedTest
    @MethodSource("urls")
    void every_url_has_parameters_that_its_path_has(DocumentedUrl url) {
        assertThat(PARAMETERS.entrySet())
                .anyMatch(path -> (url.path().isEmpty() || url.path().matches(path.getKey()))
                        && path.getValue().containsAll(url.parameters()));
        // A file has one form for its numbers.
        assertThat(url.parameters().containsAll(List.of("format", "numbers"))).isFalse();
    }
}
