// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;

/// Where the built services are, and how to start them.
///
/// @param home the project's folder
/// @param caches what becomes of the caches with which JVMs start faster
record ServicePrograms(Path home, Caches caches) {
    /// What the JVM learns in one run (loaded and linked classes) it can keep for later ones (JEP 483, JEP
    /// 514). With it a service is ready after half the time. One file for each kind of service, beside its
    /// jar.
    enum Caches {
        /// Use those that are there.
        USED,
        /// Make them: ends of processes take many seconds.
        RECORDED
    }

    /// The launcher tells the project's folder in this system property.
    static final String HOME = "shareferry.home";

    /// Services of a demo are small and live briefly: what counts is how soon they are there.
    private static final List<String> JVM =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "--enable-native-access=ALL-UNNAMED");

    static ServicePrograms find(Caches caches) throws CommandException {
        var home = System.getProperty(HOME);
        if (home == null) {
            throw new CommandException(
                    "The project's folder is not known: start the demo with ./shareferry, or give java -D" + HOME
                            + "=DIR.");
        }
        return new ServicePrograms(Path.of(home), caches);
    }

    /// @param temporary where the service's libraries may put files
    /// @return the command line that starts the service
    List<String> command(Deployment.Service service, Path temporary) throws CommandException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-Djava.io.tmpdir=" + temporary);
        var jar = jar(service.artifact());
        cacheOption(service, jar.resolveSibling(service.artifact() + ".aot")).ifPresent(command::add);
        command.addAll(List.of("-jar", jar.toString(), "--shareferry.exit-with-parent=true"));
        return command;
    }

    /// One process of each kind records.
    private Optional<String> cacheOption(Deployment.Service service, Path cache) {
        return switch (caches) {
            case USED -> Files.exists(cache) ? Optional.of("-XX:AOTCache=" + cache) : Optional.empty();
            case RECORDED ->
                service.member().number() == 0 ? Optional.of("-XX:AOTCacheOutput=" + cache) : Optional.empty();
        };
    }

    /// Unpacked jars start faster; the launcher unpacks them.
    private Path jar(String artifact) throws CommandException {
        var target = home.resolve(artifact).resolve("target");
        var name = artifact + ".jar";
        for (var jar : List.of(target.resolve("app").resolve(name), target.resolve(name))) {
            if (Files.exists(jar)) {
                return jar.toAbsolutePath();
            }
        }
        throw new CommandException(target.resolve(name) + " is not built; start the demo with ./shareferry demo.");
    }
}
