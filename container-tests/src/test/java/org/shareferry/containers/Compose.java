// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The checkout's docker-compose.yml under a project name of its own, with published ports that Docker
/// chooses, by means of `docker compose` or docker-compose, whichever is there.
final class Compose implements AutoCloseable {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration BUILD = Duration.ofMinutes(30);
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final List<String> command;
    private final String project;
    private final Map<String, String> environment = new HashMap<>();

    Compose(String project) {
        this.project = project;
        this.command =
                run(List.of("docker", "compose", "version"), Map.of(), PATIENCE).isSuccess()
                        ? List.of("docker", "compose", "-p", project)
                        : List.of("docker-compose", "-p", project);
        for (var port : List.of("P0_PORT", "P1_PORT", "R0_PORT", "C0_PORT")) {
            environment.put(port, "0");
        }
    }

    /// @param code its exit code
    /// @param output what it printed, both streams
    record Ran(int code, String output) {
        boolean isSuccess() {
            return code == 0;
        }
    }

    /// Builds the images and starts everything; returns when the last service is up and healthy.
    ///
    /// @param profiles such as postgres
    void up(String... profiles) {
        var arguments = new ArrayList<String>();
        for (var profile : profiles) {
            arguments.addAll(List.of("--profile", profile));
        }
        assertSuccess(compose(BUILD, with(arguments, "build")));
        assertSuccess(compose(PATIENCE, with(arguments, "up", "-d")));
        awaitHealthy("client-service");
    }

    private static String[] with(List<String> options, String... more) {
        var all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    /// The command that the documents tell: hands shares over and prints the client's result.
    Ran sample() {
        return compose(PATIENCE, "run", "--rm", "-T", "shareferry", "sample", "--dir", "users", "--json");
    }

    CompletableFuture<Ran> sampleMeanwhile() {
        return CompletableFuture.supplyAsync(this::sample);
    }

    /// @return what a command that was started with `run` has printed so far; nothing when none runs
    String saidByRunningCommand() {
        var running = assertSuccess(docker(
                        "ps",
                        "-q",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.oneoff=True"))
                .output()
                .strip();
        return running.isEmpty() ? "" : docker("logs", running).output();
    }

    private Ran compose(Duration patience, String... arguments) {
        var all = new ArrayList<>(command);
        all.addAll(List.of(arguments));
        return run(all, environment, patience);
    }

    Ran docker(String... arguments) {
        var all = new ArrayList<>(List.of("docker"));
        all.addAll(Arrays.asList(arguments));
        return run(all, Map.of(), PATIENCE);
    }

    /// Runs a script of bash inside a service's container, as the service's user.
    Ran inside(String service, String script) {
        return docker("exec", container(service), "bash", "-c", script);
    }

    /// @return the id of a service's container
    String container(String service) {
        var found = assertSuccess(docker(
                        "ps",
                        "-aq",
                        "--filter",
                        "label=com.docker.compose.project=" + project,
                        "--filter",
                        "label=com.docker.compose.service=" + service,
                        "--filter",
                        "label=com.docker.compose.oneoff=False"))
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

    String inspect(String service, String format) {
        return assertSuccess(docker("inspect", "--format", format, container(service)))
                .output()
                .strip();
    }

    void awaitHealthy(String service) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> inspect(service, "{{.State.Health.Status}}"), "healthy"::equals);
    }

    String logs() {
        return compose(PATIENCE, "logs", "--no-color", "--tail", "60").output();
    }

    static Ran assertSuccess(Ran ran) {
        assertThat(ran.code()).as(ran.output()).isZero();
        return ran;
    }

    private static Ran run(List<String> command, Map<String, String> environment, Duration patience) {
        try {
            var output = Files.createTempFile("compose", ".log");
            try {
                var builder = new ProcessBuilder(command)
                        .directory(CHECKOUT.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(
                                Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                var process = builder.start();
                if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(command + " takes too long:\n" + Files.readString(output));
                }
                return new Ran(process.exitValue(), Files.readString(output));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        compose(PATIENCE, "--profile", "postgres", "down", "-v", "--timeout", "5");
    }
}
