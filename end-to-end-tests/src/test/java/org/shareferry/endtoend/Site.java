// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.shareferry.cli.Main;
import org.shareferry.standin.HeldPorts;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A deployment made by `shareferry init`, its services as processes, and curl.
final class Site implements AutoCloseable {
    static final String SPDZ2K = "spdz2k";

    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String JSON = "Content-Type: application/json";
    private static final Pattern VERDICT = Pattern.compile("rejected|verified", Pattern.CASE_INSENSITIVE);
    private static final Map<Character, String> ARTIFACTS =
            Map.of('P', "party-service", 'R', "relay-service", 'C', "client-service");

    /// Whether services start from the JVM's caches, which the launcher records. Recording takes longer than a few
    /// starts
    /// without caches, so the default lane does not record them.
    private static final boolean HAS_CACHES = Boolean.getBoolean("shareferry.caches");

    private final Path folder;
    private final HeldPorts ports;
    private final Map<String, JsonNode> services = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private String protocol;
    private boolean hasAllCompilers;

    /// @param folder must not exist yet
    /// @param protocol that the parties are configured for
    /// @param more arguments of `shareferry init`
    Site(Path folder, int parties, String protocol, Object... more) {
        this.folder = folder;
        this.protocol = protocol;
        if (HAS_CACHES) {
            prepare();
        }
        // Each party, the relay and the client has two.
        ports = holdPorts(2 * (parties + 2));
        var arguments = new ArrayList<Object>(List.of(
                "init",
                "--dir",
                folder,
                "--parties",
                parties,
                "--client",
                "C0",
                "--protocol",
                protocol,
                "--base-port",
                ports.first()));
        arguments.addAll(List.of(more));
        shareferry(arguments.toArray());
        for (var service : JsonMapper.shared()
                .readTree(read(folder.resolve("services.json")))
                .get("services")) {
            services.put(service.get("member").asString(), service);
        }
    }

    private static HeldPorts holdPorts(int count) {
        try {
            return HeldPorts.inARow(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Has the launcher unpack the built services and record how they start, where this is not done yet.
    static void prepare() {
        var run = run(List.of(PROJECT.resolve("shareferry").toString(), "--version"));
        assertThat(run.code()).as(run.output()).isZero();
    }

    /// The built services, unpacked once as the launcher does, without recording how they start.
    private static final class Unpacked {
        static final Path FOLDER = Path.of("target", "programs").toAbsolutePath();

        static {
            for (var artifact : ARTIFACTS.values()) {
                var jar = PROJECT.resolve(artifact).resolve("target").resolve(artifact + ".jar");
                var to = FOLDER.resolve(artifact).toString();
                var run = run(List.of(
                        java(), "-Djarmode=tools", "-jar", jar.toString(), "extract", "--force", "--destination", to));
                assertThat(run.code()).as(run.output()).isZero();
            }
        }

        private Unpacked() {}
    }

    /// Runs the command line in a process of its own.
    ///
    /// @return what it printed
    static String shareferry(Object... arguments) {
        var command = new ArrayList<String>(List.of(
                java(),
                "-XX:TieredStopAtLevel=1",
                "-Dshareferry.home=" + PROJECT,
                "-cp",
                System.getProperty("java.class.path")));
        command.add(Main.class.getName());
        for (var argument : arguments) {
            command.add(argument.toString());
        }
        var run = run(command);
        assertThat(run.code()).as(run.output()).isZero();
        return run.output();
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /// What a process did.
    ///
    /// @param code its exit code
    /// @param output what it printed, on standard error too
    record Ran(int code, String output) {}

    private static Ran run(List<String> command) {
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Ran(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /// Lets JVMs that start from now on have the second compiler, too: they start more slowly, but take many values
    /// several times as fast, because only the second compiler uses the processor's instructions for AES.
    void useAllCompilers() {
        hasAllCompilers = true;
    }

    /// Starts the services that do not run yet.
    void startAll() {
        services.keySet().stream()
                .filter(member -> !processes.containsKey(member))
                .forEach(this::launch);
        services.keySet().forEach(this::awaitReady);
    }

    /// The same with parties that are configured for a protocol: those that run with another one start anew.
    void startAll(String spoken) {
        if (!spoken.equals(protocol)) {
            services.keySet().stream()
                    .filter(member -> member.startsWith("P") && processes.containsKey(member))
                    .forEach(this::kill);
            processes.keySet().removeIf(member -> member.startsWith("P"));
            protocol = spoken;
        }
        startAll();
    }

    void start(String member) {
        launch(member);
        awaitReady(member);
    }

    private void launch(String member) {
        try {
            var process = new ProcessBuilder(command(member))
                    .directory(folder.resolve(member).toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(
                            folder.resolve(member).resolve("service.log").toFile()))
                    .start();
            processes.put(member, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> command(String member) {
        var artifact = Objects.requireNonNull(ARTIFACTS.get(member.charAt(0)));
        var app = HAS_CACHES
                ? PROJECT.resolve(artifact).resolve("target").resolve("app")
                : Unpacked.FOLDER.resolve(artifact);
        return List.of(
                java(),
                HAS_CACHES ? "-XX:AOTCache=" + app.resolve(artifact + ".aot") : "-Xshare:auto",
                "-Xlog:aot=off",
                hasAllCompilers ? "-XX:+TieredCompilation" : "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx230m",
                "-XX:+ExitOnOutOfMemoryError",
                "--enable-native-access=ALL-UNNAMED",
                "-jar",
                app.resolve(artifact + ".jar").toString(),
                "--shareferry.exit-with-parent=true",
                "--shareferry.party.protocol=" + protocol,
                // Computations follow each other faster in tests than in life.
                "--shareferry.relay.key-refresh-interval=1s",
                "--shareferry.party.vm.connect-interval=100ms",
                "--shareferry.party.vm.reconnect-delay=10ms",
                // One that announces more than it sends is told so sooner.
                hasAllCompilers
                        ? "--shareferry.party.vm.message-timeout=1m"
                        : "--shareferry.party.vm.message-timeout=10s");
    }

    private void awaitReady(String member) {
        var health = service(member).get("management").asString() + "/actuator/health/readiness";
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
            assertThat(process(member).isAlive()).as(member + " is running").isTrue();
            return run(List.of("curl", "-s", "--max-time", "5", health))
                    .output()
                    .contains("UP");
        });
    }

    /// Ends a service as a power cut would.
    void kill(String member) {
        try {
            assertThat(process(member).destroyForcibly().waitFor(20, TimeUnit.SECONDS))
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// All services are as they were started: none has ended meanwhile.
    void assertRunning() {
        assertThat(processes.values()).allMatch(Process::isAlive);
    }

    private Process process(String member) {
        return Objects.requireNonNull(processes.get(member));
    }

    private JsonNode service(String member) {
        return Objects.requireNonNull(services.get(member));
    }

    /// Asks a service with its own people's certificate.
    JsonNode get(String member, String path) {
        var ran = curl(member, path);
        assertThat(ran.code()).as(ran.output()).isZero();
        return JsonMapper.shared().readTree(ran.output());
    }

    /// Asks a service with its own people's certificate, and keeps the answer in a file.
    void download(String member, String path, String type, Path file) {
        var ran = curl(member, path, "-f", "-H", "Accept: " + type, "-o", file.toString());
        assertThat(ran.code()).as(ran.output()).isZero();
    }

    /// Posts a file.
    ///
    /// @return the HTTP status
    int post(String member, String path, Path body) {
        var ran = curl(member, path, "-o", "/dev/null", "-w", "%{http_code}", "-H", JSON, "--data-binary", "@" + body);
        assertThat(ran.code()).as(ran.output()).isZero();
        return Integer.parseInt(ran.output());
    }

    Ran curl(String member, String path, String... more) {
        return curl(home(member).resolve("user"), member, path, more);
    }

    /// Posts JSON to the relay as another member's service does.
    ///
    /// @return the HTTP status and the answer
    Ran postToRelay(String member, Path body) {
        var own = home(member).resolve("tls");
        return curl(own, "R0", "/v1/envelopes", "-w", "%{http_code}", "-H", JSON, "--data-binary", "@" + body);
    }

    /// Sends what a file has with a member's certificate, to an address that there is or not.
    Ran send(String method, String member, String to, String type, Path body) {
        return curl(
                home(member).resolve("tls"),
                to,
                "/v1/envelopes",
                "-X",
                method,
                "-H",
                "Content-Type: " + type,
                "-T",
                body.toString());
    }

    /// @param identity where certificate and key are, without `.crt` and `.key`
    private Ran curl(Path identity, String member, String path, String... more) {
        var command = new ArrayList<>(
                List.of("curl", "-sS", "--max-time", "60", "--cert", identity + ".crt", "--key", identity + ".key"));
        command.addAll(server(member, path));
        command.addAll(List.of(more));
        return run(command);
    }

    /// @return the folder of the deployment, with services.json
    Path folder() {
        return folder;
    }

    /// Where a member's service has its keys, settings, database and log.
    Path home(String member) {
        return folder.resolve(member);
    }

    /// @return where a member's service listens, such as https://localhost:8443
    String address(String member) {
        return service(member).get("address").asString();
    }

    /// Asks without a client certificate.
    Ran curlWithoutCertificate(String member, String path) {
        var command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "20"));
        command.addAll(server(member, path));
        return run(command);
    }

    private List<String> server(String member, String path) {
        return List.of("--cacert", folder.resolve(member).resolve("tls.crt").toString(), address(member) + path);
    }

    /// Waits until the client shows a verdict.
    JsonNode awaitResult(String id) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(
                        () -> get("C0", "/v1/results/" + id),
                        result -> result.path("state").asString("").equals("checked"));
    }

    /// Nothing that these members' services keep or log tells a verdict.
    void assertNoVerdictAt(String... members) {
        for (var member : members) {
            assertThat(files(member)).isNotEmpty().noneMatch(Site::tellsVerdict);
        }
    }

    private static boolean tellsVerdict(Path file) {
        try {
            return VERDICT.matcher(Files.readString(file, StandardCharsets.ISO_8859_1))
                    .find();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Everything that a member's service left on disk.
    List<Path> files(String member) {
        try (var files = Files.walk(folder.resolve(member))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().endsWith(".so"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(process -> process.onExit().join());
        try {
            ports.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
