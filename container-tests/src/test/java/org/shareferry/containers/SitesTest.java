// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Four members with a folder of deploy/compose each, taken from nothing to a first delivery by the
/// commands of docs/deploy.md; P1 with the database server that its folder brings along. They reach
/// each other as different machines do, by an address of this one and published ports.
@WithDocker
class SitesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Path SITES = Path.of("target", "sites").toAbsolutePath();
    private static final Document DEPLOY = Document.of("docs/deploy.md");
    /// At whose site a command is given: the comment behind it, or behind the last one that has
    /// one.
    private static final Pattern WHERE = Pattern.compile("^(.*?) +# (?:at )?([PRC]\\d)\\b.*$");

    private static final Map<String, ContainerSite> MEMBERS = new TreeMap<>();
    private static final Map<String, String> PORTS = new TreeMap<>();
    private static String machine = "";

    @BeforeAll
    static void four_members_deploy() throws IOException {
        var checkout = Compose.ofCheckout("shareferry-sites-test");
        machine = gateway(checkout);
        Files.createDirectories(SITES);
        ContainerSite.asRoot(SITES, "rm -rf /sites/*");
        for (var member : List.of("P0", "P1", "R0", "C0")) {
            PORTS.put(member, Ports.next());
        }
        var database = Ports.next();
        add("P0", "party", Map.of("MANAGEMENT_PORT", Ports.next()));
        add(
                "P1",
                "party",
                Map.of(
                        "MANAGEMENT_PORT",
                        Ports.next(),
                        "DATABASE_URL",
                        "jdbc:postgresql://localhost:" + database + "/shareferry",
                        "DATABASE_USER",
                        "shareferry",
                        "DATABASE_PASSWORD",
                        "for-this-test-only",
                        "DATABASE_PORT",
                        database,
                        "COMPOSE_PROFILES",
                        "postgres"));
        add("R0", "relay", Map.of());
        add("C0", "client", Map.of());
        follow("shareferry keygen --member P1");
        exchange();
        follow("shareferry join /from-others/P0.invite");
        MEMBERS.values().forEach(site -> site.does("docker compose up -d"));
        Stream.of("P0", "P1").forEach(party -> site(party).compose().awaitHealthy("party-service"));
        site("R0").compose().awaitHealthy("relay-service");
        site("C0").compose().awaitHealthy("client-service");
    }

    /// @return this machine's address in the default network. Until its second start on a machine the engine reports
    ///     no gateway. It is then the subnet's first address.
    private static String gateway(Compose checkout) {
        var format = "{{with index .IPAM.Config 0}}{{.Gateway}} {{.Subnet}}{{end}}";
        var network = checkout.docker("network", "inspect", "bridge", "--format", format)
                .orFail()
                .output()
                .strip();
        return network.contains(" ")
                ? network.substring(0, network.indexOf(' '))
                : network.replaceFirst("0/[0-9]+$", "1");
    }

    @AfterAll
    static void stop() {
        MEMBERS.values().forEach(ContainerSite::close);
        ContainerSite.asRoot(SITES, "rm -rf /sites/*");
    }

    private static void add(String member, String kind, Map<String, String> settings) {
        var environment = new TreeMap<>(settings);
        environment.put("PORT", port(member));
        MEMBERS.put(member, new ContainerSite(member, kind, SITES, environment));
    }

    private static ContainerSite site(String member) {
        return Optional.ofNullable(MEMBERS.get(member)).orElseThrow();
    }

    private static String port(String member) {
        return Optional.ofNullable(PORTS.get(member)).orElseThrow();
    }

    /// Gives the commands of a block, each at the site that the document says.
    ///
    /// @param words that the block has
    /// @return what the last one printed
    private static String follow(String words) {
        var commands = DEPLOY.commands(words);
        String where = "";
        String printed = "";
        for (var command : commands) {
            var told = WHERE.matcher(command);
            boolean isTold = told.matches();
            where = isTold ? told.group(2) : where;
            printed = site(where)
                    .does(here(isTold ? told.group(1) : command, where))
                    .output();
        }
        return printed;
    }

    /// Names and ports of the document are those of the sites' machines.
    private static String here(String command, String where) {
        return command.replace("relay.p0.example:8443", machine + ":" + port("R0"))
                .replace("client.c0.example:8443", machine + ":" + port("C0"))
                .replace("relay.p0.example", machine)
                .replace("client.c0.example", machine)
                .replaceAll("localhost:844[34]", "localhost:" + port(where));
    }

    /// Step 2: who sends what to whom.
    private static void exchange() {
        var script = new StringBuilder();
        for (var from : MEMBERS.keySet()) {
            for (var to : MEMBERS.keySet()) {
                script.append("cp %1$s/member/%1$s.invite %2$s/from-others/\n".formatted(from, to));
            }
        }
        ContainerSite.asRoot(SITES, script.toString());
    }

    @Test
    void the_first_delivery_of_the_guide_arrives() {
        site("P1").does(here(DEPLOY.commands("shareferry split").getFirst().replaceFirst(" +#.*", ""), "P1"));
        ContainerSite.asRoot(SITES, "cp P1/member/P0.handover.json P0/member/");
        var posts = DEPLOY.commands("shareferry split").stream()
                .filter(command -> command.contains("--data"))
                .toList();
        assertThat(posts).hasSize(2);

        // A party that does not know the client's key yet says so; then its user tries again.
        for (var post : posts) {
            var told = WHERE.matcher(post);
            assertThat(told.matches()).isTrue();
            await().atMost(PATIENCE)
                    .ignoreExceptions()
                    .until(() -> site(told.group(2))
                            .does(here(told.group(1), told.group(2)))
                            .isSuccess());
        }

        var look = DEPLOY.commands("shareferry split").getLast().replaceFirst(" +#.*", "");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(site("C0").does(here(look, "C0")).output()).contains("VERIFIED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"P0", "P1", "R0", "C0"})
    void the_doctor_looks_at_the_services_own_database_and_finds_no_fault(String member) {
        var said = site(member).does("shareferry doctor").output();

        assertThat(said).contains(member.equals("P1") ? "localhost:" : "/data/");
    }

    @Test
    void the_members_have_the_same_roster() {
        var digests = MEMBERS.values().stream()
                .map(site ->
                        site.does("shareferry roster show --roster roster.json").output())
                .map(shown -> shown.replaceFirst("(?s).*SHA-256 of the roster: ", ""))
                .distinct();

        assertThat(digests).hasSize(1);
    }

    @Test
    void a_sites_own_prometheus_scrapes_its_service() throws IOException {
        var folder = SITES.resolve("prometheus");
        Files.createDirectories(folder);
        var checkout = Checkout.clean();
        Files.writeString(
                folder.resolve("prometheus.yml"),
                checkout.read("deploy/compose/prometheus.yml")
                        .replace("localhost:8443", "localhost:" + port("P1"))
                        .replace("15s", "1s"));
        Files.writeString(folder.resolve("alerts.yml"), checkout.read("observe/prometheus/alerts.yml"));
        ContainerSite.asRoot(
                SITES,
                "mkdir prometheus/shareferry && cp P1/member/monitor.crt P1/member/monitor.key P1/member/tls.crt"
                        + " prometheus/shareferry && chown -R 65534 prometheus/shareferry");
        var compose = site("P1").compose();
        var port = Ports.next();
        var container = compose.docker(
                        "run",
                        "--detach",
                        "--rm",
                        "--network=host",
                        "--volume=" + folder + ":/etc/prometheus:ro",
                        Prometheus.image(),
                        "--config.file=/etc/prometheus/prometheus.yml",
                        "--storage.tsdb.path=/prometheus",
                        "--web.listen-address=127.0.0.1:" + port)
                .orFail()
                .output()
                .strip();
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(compose.docker(
                                            "exec",
                                            container,
                                            "promtool",
                                            "query",
                                            "instant",
                                            "http://127.0.0.1:" + port,
                                            "up == 1 and on (job) shareferry_certificate_remaining_seconds")
                                    .output())
                            .contains("job=\"party-service\""));
        } finally {
            compose.docker("rm", "-f", container);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"party", "relay", "client"})
    void a_folder_is_well_formed_for_compose_with_and_without_a_database_server(String kind) {
        var compose = new Compose(
                "shareferry-site",
                Checkout.clean().folder().resolve("deploy").resolve("compose").resolve(kind),
                Map.of());

        compose.compose(PATIENCE, "config", "-q").orFail();
        compose.compose(PATIENCE, "--profile", "postgres", "--profile", "tools", "config", "-q")
                .orFail();
    }
}
