// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.shareferry.containers.Program.Ran;

/// A folder's docker-compose.yml under a project name of its own, by means of `docker compose` or
/// docker-compose, whichever is there.
final class Compose implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final String project;
    private final List<String> command;
    private final Map<String, String> environment;

    /// @param environment what docker-compose.yml asks for
    Compose(String project, Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.project = project;
        this.command = program();
        this.environment = new HashMap<>(environment);
        this.environment.put("COMPOSE_PROJECT_NAME", project);
    }

    /// @return that of a clean checkout, with published ports that Docker chooses
    static Compose ofCheckout(String project) {
        var environment = new HashMap<String, String>();
        for (var port : List.of("P0_PORT", "P1_PORT", "R0_PORT", "C0_PORT", "GRAFANA_PORT")) {
            environment.put(port, "0");
        }
        return new Compose(project, Checkout.clean().folder(), environment);
    }

    /// @return the words with which it is called here
    static List<String> program() {
        var plugin = List.of("docker", "compose");
        return Program.run(Path.of("").toAbsolutePath(), List.of("docker", "compose", "version"), Map.of(), PATIENCE)
                        .isSuccess()
                ? plugin
                : List.of("docker-compose");
    }

    /// Starts everything from the images that [WithDocker] built; returns when the last service is up and healthy.
    ///
    /// @param profiles such as postgres
    void up(String... profiles) {
        var options = profiles(profiles);
        compose(PATIENCE, with(options, "up", "-d")).orFail();
        awaitHealthy("client-service");
    }

    /// Starts one service that a profile adds, and what it depends on.
    void start(String profile, String service) {
        compose(PATIENCE, with(profiles(profile), "up", "-d", service)).orFail();
    }

    private static List<String> profiles(String... profiles) {
        var options = new ArrayList<String>();
        for (var profile : profiles) {
            options.addAll(List.of("--profile", profile));
        }
        return options;
    }

    private static String[] with(List<String> options, String... more) {
        var all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// The command that the documents tell, with more time for slow machines: hands shares over and prints the client's
    /// result.
    Ran sample() {
        return compose(
                PATIENCE, "run", "--rm", "-T", "shareferry", "sample", "--dir", "users", "--json", "--timeout", "280");
    }

    CompletableFuture<Ran> sampleMeanwhile() {
        return CompletableFuture.supplyAsync(this::sample);
    }

    /// @return what a command that was started with `run` has printed so far; nothing when none
    /// runs
    String saidByRunningCommand() {
        var running = docker(
                        "ps",
                        "-q",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.oneoff=True")
                .orFail()
                .output()
                .strip();
        return running.isEmpty() ? "" : docker("logs", running).output();
    }

    Ran compose(Duration patience, String... arguments) {
        return Program.run(folder, List.of(with(command, arguments)), environment, patience);
    }

    /// Runs a script of sh in its folder, as somebody does who has set this project's variables.
    Ran shell(String script) {
        return Program.run(folder, List.of("sh", "-euc", script), environment, PATIENCE);
    }

    Ran docker(String... arguments) {
        return Program.run(folder, List.of(with(List.of("docker"), arguments)), Map.of(), PATIENCE);
    }

    /// Runs a script of bash inside a service's container, as the service's user.
    Ran inside(String service, String script) {
        return docker("exec", container(service), "bash", "-c", script);
    }

    /// @return the id of a service's container
    String container(String service) {
        var found = docker(
                        "ps",
                        "-aq",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service,
                        "--filter",
                        "label=com.docker.compose.oneoff=False")
                .orFail()
                .output()
                .strip();
        assertThat(found).as("container of " + service).isNotEmpty();
        return found;
    }

    String network(String name) {
        return project + "_" + name;
    }

    /// @return a container's address in one of its networks
    String address(String service, String network) {
        return inspect(service, "{{(index .NetworkSettings.Networks \"" + network(network) + "\").IPAddress}}");
    }

    /// @return the port of this machine under which a service is reached
    String port(String service) {
        return docker("port", container(service), "8443/tcp")
                .orFail()
                .output()
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceFirst(".*:", "")
                .strip();
    }

    /// Takes a service out of a network.
    void cut(String service, String network) {
        docker("network", "disconnect", network(network), container(service)).orFail();
    }

    /// Undoes [#cut].
    void heal(String service, String network) {
        docker("network", "connect", "--alias", service, network(network), container(service))
                .orFail();
    }

    String inspect(String service, String format) {
        return docker("inspect", "--format", format, container(service))
                .orFail()
                .output()
                .strip();
    }

    void awaitHealthy(String service) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> inspect(service, "{{.State.Health.Status}}"), "healthy"::equals);
    }

    /// @return what a service has said since its container was made
    String logs(String service) {
        return docker("logs", container(service)).output();
    }

    String logs() {
        return compose(PATIENCE, "logs", "--no-color", "--tail", "60").output();
    }

    @Override
    public void close() {
        compose(PATIENCE, with(profiles("postgres", "observe", "tools"), "down", "-v", "--timeout", "5"));
    }
}
