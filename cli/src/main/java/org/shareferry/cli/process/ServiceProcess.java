// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.init.Deployment;

/// One service in a process of its own. Its standard input is a pipe from us: when we end, in whatever way,
/// the operating system closes the pipe and the service ends too.
final class ServiceProcess {
    private static final Set<String> ENVIRONMENT =
            Set.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "LD_LIBRARY_PATH");
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private final Deployment.Service service;
    private final Path log;
    private final Process process;

    private ServiceProcess(Deployment.Service service, Path log, Process process) {
        this.service = service;
        this.log = log;
        this.process = process;
    }

    static ServiceProcess start(ServicePrograms programs, Deployment deployment, Deployment.Service service)
            throws CommandException {
        var folder = deployment.folderOf(service).toAbsolutePath();
        var temporary = folder.resolve("tmp");
        NewFiles.folder(temporary);
        var log = folder.resolve("service.log");
        var builder = new ProcessBuilder(programs.command(service, temporary))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // The user's own settings for some other Spring program must not reach these.
        builder.environment().keySet().retainAll(ENVIRONMENT);
        try {
            return new ServiceProcess(service, log, builder.start());
        } catch (IOException e) {
            throw new CommandException(
                    "The " + service.artifact() + " of " + service.member() + " cannot be started; check "
                            + System.getProperty("java.home") + ".",
                    e);
        }
    }

    Deployment.Service service() {
        return service;
    }

    Path log() {
        return log;
    }

    long pid() {
        return process.pid();
    }

    /// @throws CommandException when the process has ended
    boolean isReady(HttpClient http) throws CommandException, InterruptedException {
        requireAlive();
        var request = HttpRequest.newBuilder(service.management().resolve("/actuator/health/readiness"))
                .timeout(PATIENCE)
                .GET()
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // Not listening yet.
            return false;
        }
    }

    /// @throws CommandException with the last line of its log, when the process has ended
    void requireAlive() throws CommandException {
        if (!process.isAlive()) {
            throw new CommandException("The " + service.artifact() + " of " + service.member()
                    + " ended with exit code " + process.exitValue() + " (its log is " + log + "): " + lastWords());
        }
    }

    private String lastWords() {
        try (var lines = Files.lines(log)) {
            return FailureReason.of(lines.toList());
        } catch (IOException e) {
            return "there is no log.";
        }
    }

    /// Asks the service to end.
    void stop() {
        process.destroy();
    }

    /// Ends the service without asking.
    void kill() {
        process.destroyForcibly();
    }

    /// Waits for the end, and brings it about if it takes too long.
    void awaitEnd(Duration grace) {
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
