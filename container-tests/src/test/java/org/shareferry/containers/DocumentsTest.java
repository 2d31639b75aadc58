// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.containers.Sample.assertArrived;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// What docs/deploy.md tells to do with everything on one machine, done as it says.
@WithEveryProfile
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocumentsTest {
    private static final Document DEPLOY = Document.of("docs/deploy.md");
    private static final List<String> COMMANDS = DEPLOY.commands("users/C0/user.crt");
    private static final Map<String, String> SERVICES = Map.of(
            "8440", "party-service-p0",
            "8441", "party-service-p1",
            "8450", "relay-service",
            "8460", "client-service");
    private static final Pattern PORT = Pattern.compile("localhost:(\\d+)");

    private final Compose compose;

    DocumentsTest(Compose compose) {
        this.compose = compose;
    }

    @BeforeAll
    void copy_the_certificates() {
        var copying = COMMANDS.stream()
                .filter(command -> !command.startsWith("curl "))
                .map(command -> command.replace("docker compose", String.join(" ", Compose.program())))
                .toList();
        assertThat(copying).isNotEmpty();
        compose.shell(String.join("\n", copying)).orFail();
    }

    private String curl(String command) {
        var here = PORT.matcher(command).replaceAll(port -> "localhost:" + compose.port(service(port.group(1))));
        return compose.shell(here.replaceFirst("^curl ", "curl -fsSL "))
                .orFail()
                .output();
    }

    private static String service(String port) {
        var service = SERVICES.get(port);
        assertThat(service).as("service at port " + port).isNotNull();
        return service;
    }

    static Stream<String> curls() {
        return COMMANDS.stream().filter(command -> command.startsWith("curl "));
    }

    @ParameterizedTest
    @MethodSource("curls")
    void the_documented_curl_commands_show_the_delivery(String command) {
        var delivery = assertArrived(compose.sample(), compose);

        assertThat(curl(command)).contains(delivery);
    }

    @Test
    void the_documents_have_curl_commands_for_results_and_for_deliveries_of_the_relay() {
        assertThat(curls()).anyMatch(c -> c.endsWith("/v1/results")).anyMatch(c -> c.endsWith("/v1/deliveries"));
    }

    static Stream<Arguments> pages() {
        return DEPLOY.find("https://localhost:(\\d+)/swagger-ui.html").stream()
                .map(page -> Arguments.of(page.group(1), page.group()));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void every_service_has_an_api_document(String port, String page) {
        var member =
                Map.of("8440", "P0", "8441", "P1", "8450", "R0", "8460", "C0").get(port);
        var asUser = "curl --cert users/%1$s/user.crt --key users/%1$s/user.key --cacert users/%1$s/tls.crt "
                .formatted(member);

        assertThat(curl(asUser + page)).contains("Swagger UI");
        var described = JsonMapper.shared().readTree(curl(asUser + page.replace("swagger-ui.html", "v3/api-docs")));
        assertThat(described.path("openapi").asString("")).startsWith("3.");
        assertThat(described.path("paths").propertyNames()).anyMatch(path -> path.startsWith("/v1/"));
    }

    @Test
    void every_service_has_a_page() {
        assertThat(pages()).hasSize(SERVICES.size());
    }
}
