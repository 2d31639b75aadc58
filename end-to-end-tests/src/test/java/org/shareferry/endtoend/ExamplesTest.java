// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.shareferry.endtoend.Programs.PROJECT;
import static org.shareferry.endtoend.Programs.java;
import static org.shareferry.endtoend.Programs.run;
import static org.shareferry.endtoend.Programs.start;
import static org.shareferry.endtoend.Programs.succeeds;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.resultclient.ResultClient;
import org.shareferry.resultclient.ResultQuery;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The two libraries, the examples and the lines of docs/values.md read the same values from a running client-service,
/// and none of them rounds.
@Tag("slow")
class ExamplesTest {
    private static final Path PYTHON_CLIENT = PROJECT.resolve("clients").resolve("python");
    static final List<String> VALUES = List.of("9007199254740993", "-7", "9223372036854775807");

    /// Of what `shareferry sample` delivers.
    static final int LABEL = 0;

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    @BeforeAll
    static void deliver() {
        Site.shareferry("sample", "--dir", COMPUTATIONS.site().folder(), "--values=" + String.join(",", VALUES));
    }

    private static Path home() {
        return COMPUTATIONS.site().home("C0");
    }

    private static Map<String, String> withPythonClient() {
        return Map.of(
                "PYTHONPATH", PYTHON_CLIENT.toString(),
                "SITE", home().toString(),
                "LABEL", Integer.toString(LABEL));
    }

    @Test
    void the_java_library_reads_values() throws Exception {
        try (var client = ResultClient.ofFolder(home())) {
            var newest = client.results(ResultQuery.all().withLabel(LABEL).withLimit(1))
                    .getFirst();

            assertThat(client.values(newest).toBigDecimals())
                    .extracting(Object::toString)
                    .isEqualTo(VALUES);
        }
    }

    @Test
    void the_notebook_reads_values(@TempDir Path folder) throws Exception {
        var cells = JsonMapper.shared()
                .readTree(Files.readString(PROJECT.resolve(Path.of("examples", "notebook.ipynb"))))
                .path("cells");
        var program = new StringBuilder();
        for (var cell : cells) {
            if (cell.path("cell_type").asString("").equals("code")) {
                cell.path("source").forEach(line -> program.append(line.asString()));
                program.append('\n');
            }
        }

        var output = run(withPythonClient(), folder, List.of("python3", "-c", program.toString()));

        assertThat(output.lines())
                .contains(
                        "VERIFIED [" + String.join(", ", VALUES) + "]",
                        "sum 9232379236109516793 mean 3077459745369838931");
    }

    /// @param address pattern of a line that the server prints, whose group is its address or port
    private static JsonNode fromServer(Pattern line, String path, List<String> command) throws Exception {
        var server = start(withPythonClient(), PROJECT, command);
        try (var output = server.inputReader();
                var http = HttpClient.newHttpClient()) {
            var address = "http://127.0.0.1:" + port(line, output) + path;
            var answer = http.send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofString());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            return JsonMapper.shared().readTree(answer.body());
        } finally {
            server.destroy();
            server.waitFor();
        }
    }

    private static String port(Pattern pattern, BufferedReader output) throws IOException {
        var seen = new ArrayList<String>();
        for (var line = output.readLine(); line != null; line = output.readLine()) {
            seen.add(line);
            var match = pattern.matcher(line);
            if (match.find()) {
                return match.group(1);
            }
        }
        throw new AssertionError("The server ended: " + seen);
    }

    private static void hasTheValues(JsonNode answer) {
        assertThat(answer.path("values").values())
                .extracting(JsonNode::asString)
                .isEqualTo(VALUES);
    }

    @Test
    void the_spring_boot_example_reads_values() throws Exception {
        var jar = PROJECT.resolve(Path.of("examples", "spring-boot", "target", "spring-boot-example.jar"));

        var answer = fromServer(
                Pattern.compile("Tomcat started on port ([0-9]+)"),
                "/values/" + LABEL,
                List.of(java(), "-jar", jar.toString(), "--site=" + home(), "--server.port=0"));

        hasTheValues(answer);
        assertThat(answer.path("sum").asString("")).isEqualTo("9232379236109516793");
    }

    @Test
    void the_web_backend_reads_values() throws Exception {
        hasTheValues(fromServer(
                Pattern.compile("http://127.0.0.1:([0-9]+)/"),
                "/values/" + LABEL,
                List.of("python3", "examples/web-backend/server.py", home().toString(), "--port", "0")));
    }

    private static String snippet(String language) throws IOException {
        var page = Files.readString(PROJECT.resolve(Path.of("docs", "values.md")));
        var match =
                Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertThat(match.find()).isTrue();
        return match.group(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"python", "java", "javascript", "sh", "r"})
    void the_lines_in_the_documentation_read_them(String language, @TempDir Path folder) throws Exception {
        Files.createSymbolicLink(folder.resolve("site"), COMPUTATIONS.site().folder());
        var file = folder.resolve(
                switch (language) {
                    case "java" -> "Values.java";
                    case "javascript" -> "values.mjs";
                    default -> "values." + language;
                });
        Files.writeString(file, snippet(language));
        var command = switch (language) {
            case "python" -> List.of("python3", file.toString());
            case "java" -> List.of(java(), "-cp", System.getProperty("java.class.path"), file.toString());
            case "javascript" -> List.of("node", file.toString());
            case "r" -> List.of("Rscript", file.toString());
            default -> List.of("sh", "-eu", file.toString());
        };
        assumeTrue(
                succeeds(language.equals("sh") ? "jq" : command.getFirst(), "--version"),
                language + " is not installed");
        assumeTrue(
                !language.equals("r") || succeeds("Rscript", "-e", "library(jsonlite); library(gmp)"),
                "R lacks jsonlite or gmp");

        var output = run(withPythonClient(), folder, command);

        assertThat(output.strip().split("\\s+")).containsExactlyElementsOf(VALUES);
    }
}
