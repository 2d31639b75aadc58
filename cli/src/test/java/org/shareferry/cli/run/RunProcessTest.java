// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.File;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Main;
import org.shareferry.cli.Run;
import org.shareferry.cli.init.Deployment;

/// `shareferry run` as a process of its own, with programs that only look like services.
class RunProcessTest {
    private static final int INTERRUPTED = 130;
    private static final Duration LINGERING = Duration.ofMillis(1_500);

    @TempDir
    Path folder;

    /// Is ready at once. Ends by a signal or with its standard input, as services do, or with an error
    /// if its folder says so.
    static final class Service {
        private Service() {}

        public static void main(String[] arguments) throws Exception {
            if (Files.exists(Path.of("fails"))) {
                System.out.println("Port 1 was taken.");
                System.exit(1);
            }
            if (Files.exists(Path.of("lingers"))) {
                // So the other service is seen to have ended while this one still ends.
                Runtime.getRuntime().addShutdownHook(new Thread(Service::linger));
            }
            var settings = Files.readString(Path.of("application.yml"));
            int port = Integer.parseInt(
                    settings.substring(settings.lastIndexOf(' ') + 1).strip());
            var server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
            server.createContext("/", exchange -> {
                exchange.sendResponseHeaders(200, -1);
                exchange.close();
            });
            server.start();
            System.in.transferTo(OutputStream.nullOutputStream());
            System.exit(0);
        }

        private static void linger() {
            try {
                Thread.sleep(LINGERING);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @BeforeEach
    void makeSite() throws Exception {
        Run.of("init", "--dir", folder.resolve("site")).succeeded();
        var target = Files.createDirectories(folder.resolve("home/party-service/target"));
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, Service.class.getName());
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(target.resolve("party-service.jar")), manifest).close();
    }

    /// A shell that starts the build in the background has SIGINT ignored, also by what the build starts; Perl takes
    /// that back.
    private Process run() throws Exception {
        return new ProcessBuilder(
                        "perl",
                        "-e",
                        "$SIG{INT} = 'DEFAULT'; exec @ARGV",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dshareferry.home=" + folder.resolve("home"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "run",
                        "--dir",
                        folder.resolve("site").toString(),
                        "P0",
                        "P1")
                .redirectError(folder.resolve("err").toFile())
                .start();
    }

    @Test
    void ctrl_c_ends_a_run_without_an_error_message() throws Exception {
        Files.writeString(folder.resolve("site/P1/lingers"), "");

        var process = run();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.lines().anyMatch(line -> line.startsWith("Running until Ctrl-C")))
                    .isTrue();

            new ProcessBuilder("bash", "-c", "kill -INT " + process.pid())
                    .start()
                    .waitFor();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(folder.resolve("err")).hasContent("");
        assertThat(process.exitValue()).isEqualTo(INTERRUPTED);
    }

    @Test
    void a_service_that_does_not_start_is_reported_with_its_log() throws Exception {
        Files.writeString(folder.resolve("site/P0/fails"), "");

        var process = run();

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(Files.readString(folder.resolve("err")))
                .contains("ended with exit code 1 (its log is " + folder.resolve("site/P0/service.log")
                        + "): Port 1 was taken.");
    }

    @Test
    void a_run_with_an_address_in_use_starts_nothing_and_names_the_address() throws Exception {
        var site = folder.resolve("site");
        var used = Deployment.read(site).services().get(1).management();
        try (var other = new ServerSocket(used.getPort(), 1, InetAddress.getByName(used.getHost()))) {
            var process = run();

            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(other.isBound()).isTrue();
        }
        assertThat(Files.readString(folder.resolve("err")))
                .startsWith("shareferry: Another program already listens at " + used
                        + ", an address of P1's party-service, so nothing was started: end it if it is an earlier run");
        assertThat(site.resolve("P0/service.log")).doesNotExist();
    }

    @Test
    void a_run_prints_what_it_starts_and_what_is_ready() throws Exception {
        var process = run();
        try (var out = process.inputReader(StandardCharsets.UTF_8)) {
            var lines = out.lines()
                    .takeWhile(line -> !line.startsWith("Running until Ctrl-C"))
                    .toList();

            assertThat(lines).hasSize(3);
            assertThat(lines.getFirst()).endsWith("starting the services of P0, P1");
            assertThat(lines).anyMatch(line -> line.contains("P0's party-service is ready at https://127.0.0.1:"));
        } finally {
            process.destroyForcibly();
        }
    }
}
