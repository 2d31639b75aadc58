// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;

/// Where the built services are, and how to start them.
///
/// @param home the project's folder
record ServicePrograms(Path home) {
    /// The launcher tells the project's folder in this system property.
    static final String HOME = "shareferry.home";

    /// Services of a demo are small and live briefly: what counts is how soon they are there.
    private static final List<String> JVM = List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-Xshare:auto",
            "--enable-native-access=ALL-UNNAMED");

    static ServicePrograms find() throws CommandException {
        var home = System.getProperty(HOME);
        if (home == null) {
            throw new CommandException(
                    "The project's folder is not known: start the demo with ./shareferry, or give java -D" + HOME
                            + "=DIR.");
        }
        return new ServicePrograms(Path.of(home));
    }

    /// @param temporary where the service's libraries may put files
    /// @return the command line that starts the service
    List<String> command(Deployment.Service service, Path temporary) throws CommandException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("-jar", jar(service.artifact()).toString(), "--shareferry.exit-with-parent=true"));
        return command;
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
