// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The version is in one place, the property `revision` in pom.xml. Builds take it from there. Documents and manifests
/// that name a release name the one that comes next. Of the OpenAPI documents `ApiDocumentTest` knows, of the Python
/// packages `PackagesTest`, of programs `ReleaseTest`.
class VersionTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern REVISION = Pattern.compile("<revision>(.*)</revision>");
    private static final Pattern NAMED = Pattern.compile("(?:shareferry(?:_client|_mpspdz)?-|client-library-|VERSION="
            + "|(?:-service|cli):|newTag: )(\\d+\\.\\d+\\.\\d+)");

    private static List<Path> files(String folder, String name) throws IOException {
        try (var files = Files.walk(ROOT.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .filter(file -> !file.toString().contains("/target/"))
                    .toList();
        }
    }

    private static String version() throws IOException {
        var found = REVISION.matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    @Test
    void no_module_has_a_version_of_its_own() throws IOException {
        var modules = Pattern.compile("<module>(.*)</module>")
                .matcher(Files.readString(ROOT.resolve("pom.xml")))
                .results()
                .map(match -> match.group(1))
                .toList();

        assertThat(modules).isNotEmpty();
        for (var module : modules) {
            assertThat(Files.readString(ROOT.resolve(module).resolve("pom.xml")))
                    .as(module)
                    .containsPattern("<artifactId>shareferry</artifactId>\\s*<version>\\$\\{revision}</version>")
                    .doesNotContain(">" + version() + "<");
        }
    }

    @Test
    void documents_name_the_next_release() throws IOException {
        var release = version().replace("-SNAPSHOT", "");
        var named = new ArrayList<String>();

        for (var file : Stream.of(
                        files("docs", ".*\\.md"), files("k8s", ".*\\.yaml"), List.of(ROOT.resolve("README.md")))
                .flatMap(List::stream)
                .toList()) {
            var names = NAMED.matcher(Files.readString(file)).results().toList();
            names.forEach(match ->
                    assertThat(match.group(1)).as(file + ": " + match.group()).isEqualTo(release));
            names.forEach(match -> named.add(match.group()));
        }

        assertThat(named).anyMatch(name -> name.startsWith("newTag")).anyMatch(name -> name.startsWith("VERSION"));
    }

    @Test
    void python_packages_have_no_version_of_their_own() throws IOException {
        for (var project : files("clients", "pyproject\\.toml")) {
            assertThat(Files.readString(project))
                    .as(project.toString())
                    .contains("dynamic = [\"version\"]")
                    .doesNotContainPattern("(?m)^version");
        }
    }
}
