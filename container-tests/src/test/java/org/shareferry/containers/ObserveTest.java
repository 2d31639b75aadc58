// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.containers.Sample.assertArrived;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `docker compose --profile observe up`, as far as it can be without Grafana: what Prometheus
/// gets, what the alerts say of it, and whether the dashboard asks for what there is.
@WithEveryProfile
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ObserveTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SERVICES = 4;
    private static final Pattern METRIC = Pattern.compile("\\b(?:shareferry|jvm)_[a-z_]+|(?<![-\\w])up(?![-\\w])");
    private static final Pattern SELECTOR = Pattern.compile("([a-z_]+)\\{([^}]*)}");
    private static final Pattern MATCHED = Pattern.compile("([a-z_]+)(?:=|!=|=~|!~)\"");
    private static final Pattern GROUPED = Pattern.compile("by \\(([a-z_, ]+)\\)");
    private static final Pattern IN_LEGEND = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?([a-z_]+) ?}}");

    private final Compose compose;
    /// Every series that Prometheus has, by metric.
    private Map<String, List<JsonNode>> series = Map.of();

    ObserveTest(Compose compose) {
        this.compose = compose;
    }

    /// @param what such as the name of an alert
    /// @param expression in PromQL
    /// @param labels that the text beside it names, or that the expression groups by
    record Question(String what, String expression, Set<String> labels) {
        static Question of(String what, String expression, String text) {
            var labels = new TreeSet<String>();
            IN_LEGEND.matcher(text).results().forEach(match -> labels.add(match.group(1)));
            GROUPED.matcher(expression)
                    .results()
                    .forEach(match -> labels.addAll(List.of(match.group(1).split(", "))));
            return new Question(what, expression, labels);
        }

        /// @return what this metric must have: the labels that its own selector matches, and those of the text
        Set<String> labelsOf(String metric) {
            var needed = new TreeSet<>(labels);
            SELECTOR.matcher(expression)
                    .results()
                    .filter(selector -> selector.group(1).equals(metric))
                    .flatMap(selector -> MATCHED.matcher(selector.group(2)).results())
                    .forEach(match -> needed.add(match.group(1)));
            return needed;
        }

        Set<String> metrics() {
            return METRIC.matcher(expression)
                    .results()
                    .map(match -> match.group())
                    .collect(Collectors.toSet());
        }

        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Question> panels() {
        var dashboard =
                JsonMapper.shared().readTree(Checkout.clean().read("observe/grafana/dashboards/shareferry.json"));
        return dashboard
                .path("panels")
                .valueStream()
                .flatMap(panel -> panel.path("targets")
                        .valueStream()
                        .map(target -> Question.of(
                                "panel " + panel.path("title").asString(""),
                                target.path("expr").asString(""),
                                target.path("legendFormat").asString(""))));
    }

    static Stream<Question> alerts() throws IOException {
        var rules =
                new ObjectMapper(new YAMLFactory()).readTree(Checkout.clean().read("observe/prometheus/alerts.yml"));
        return rules.path("groups")
                .path(0)
                .path("rules")
                .valueStream()
                .map(rule -> Question.of(
                        "alert " + rule.path("alert").asText(),
                        rule.path("expr").asText(),
                        rule.path("annotations").path("summary").asText()));
    }

    static Stream<Question> questions() throws IOException {
        return Stream.concat(panels(), alerts());
    }

    private Program.Ran inPrometheus(String... command) {
        return compose.docker(Stream.concat(Stream.of("exec", compose.container("prometheus")), Stream.of(command))
                .toArray(String[]::new));
    }

    /// @return the labels and values of each series
    private List<JsonNode> ask(String expression) {
        var answer = inPrometheus("promtool", "query", "--format=json", "instant", "http://observed:9090", expression)
                .orFail();
        return JsonMapper.shared().readTree(answer.output()).valueStream().toList();
    }

    private static String label(JsonNode series, String name) {
        return series.path("metric").path(name).asString("");
    }

    @BeforeAll
    void a_delivery_was_counted() {
        assertArrived(compose.sample(), compose);
        await().atMost(PATIENCE)
                .until(() -> ask("shareferry_deliveries_checked_total").stream()
                        .anyMatch(one -> one.path("value").path(1).asDouble(0) > 0));
        await().atMost(PATIENCE).until(() -> ask("up == 1").size() == SERVICES);
        series = ask("{__name__=~\".+\"}").stream().collect(Collectors.groupingBy(one -> label(one, "__name__")));
    }

    @Test
    void prometheus_scrapes_every_service() {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ask("up == 1"))
                        .extracting(series -> label(series, "job"))
                        .containsExactlyInAnyOrder(
                                "party-service-p0", "party-service-p1", "relay-service", "client-service"));
    }

    /// All in one container, because each start of one takes a second.
    @Test
    void prometheus_accepts_every_query_of_the_dashboard() {
        var script = panels().map(panel -> "promtool query instant http://observed:9090 " + quoted(panel.expression())
                        + " >/dev/null 2>&1 || echo " + quoted(panel.what()))
                .collect(Collectors.joining("\n"));

        assertThat(inPrometheus("sh", "-c", script).orFail().output()).isBlank();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    @ParameterizedTest
    @MethodSource("questions")
    void every_queried_metric_exists_with_its_labels(Question question) throws IOException {
        assertThat(question.metrics()).isNotEmpty();
        for (var metric : question.metrics()) {
            var found = series.getOrDefault(metric, List.of());
            for (var label : question.labelsOf(metric)) {
                assertThat(found.isEmpty() ? declares(metric, label) : hasLabel(found, label))
                        .as("%s with label %s", metric, label)
                        .isTrue();
            }
            assertThat(found.isEmpty() && !declares(metric, "")).as(metric).isFalse();
        }
    }

    /// Not every service that has a metric has it with the same labels: the relay does not tell why
    /// a client refuses.
    private static boolean hasLabel(List<JsonNode> found, String label) {
        return found.stream().anyMatch(one -> !label(one, label).isEmpty());
    }

    /// What is counted when it first happens, or of a VM, no service has here; then the sources
    /// tell.
    private static boolean declares(String metric, String label) throws IOException {
        var name = metric.replaceAll("_(seconds|total)$", "").replace('_', '.');
        var declaration = Pattern.compile("\"" + Pattern.quote(name) + "\"[^;]*");
        return Sources.main().stream()
                .flatMap(source -> declaration.matcher(source).results())
                .anyMatch(found -> label.isEmpty()
                        // Every metric has it.
                        || label.equals("member")
                        || found.group().contains("\"" + label + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"check config /etc/prometheus/prometheus.yml", "check rules /etc/prometheus/alerts.yml"})
    void promtool_finds_nothing_wrong(String check) {
        inPrometheus(("promtool " + check).split(" ")).orFail();
    }

    @Test
    void every_alert_is_tested() throws IOException {
        var tests = "container-tests/src/test/prometheus/alerts-test.yml";
        var checkout = Checkout.clean();

        compose.docker(
                        "run",
                        "--rm",
                        "--network=none",
                        "--volume=" + checkout.folder() + ":/checkout:ro",
                        "--entrypoint=promtool",
                        Prometheus.image(),
                        "test",
                        "rules",
                        "/checkout/" + tests)
                .orFail();

        var tested = checkout.read(tests);
        assertThat(alerts().map(Question::what).map(what -> what.replace("alert ", "")))
                .allMatch(name -> tested.contains("alertname: " + name + "\n"));
    }

    @Test
    void every_alert_has_a_remedy_in_the_documents() throws IOException {
        var document = Checkout.clean().read("docs/deploy.md");

        assertThat(alerts().map(Question::what).map(what -> what.replace("alert ", "| `") + "` |"))
                .allMatch(document::contains);
    }

    @Test
    void p1_reaches_neither_prometheus_nor_grafana() throws IOException {
        for (var network : List.of("site-p1", "observe")) {
            var address = compose.address("prometheus", network);
            assertThat(compose.inside("party-service-p1", "timeout 3 bash -c 'exec 3<>/dev/tcp/" + address + "/9090'")
                            .isSuccess())
                    .as(network)
                    .isFalse();
        }
        var services = new ObjectMapper(new YAMLFactory())
                .readTree(Checkout.clean().read("docker-compose.yml"))
                .path("services");
        assertThat(services.path("grafana").path("networks").toString()).isEqualTo("[\"observe\"]");
        assertThat(services.path("party-service-p1").path("networks").toString())
                .isEqualTo("[\"site-p1\",\"store-p1\"]");
    }
}
