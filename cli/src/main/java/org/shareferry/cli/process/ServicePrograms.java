// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;

/// Where the built services are, and how to start them.
///
/// @param home the project's folder, or that of an unpacked release
/// @param caches the folder of the caches; otherwise each cache is beside its service's jar
/// @param use the purpose of the start
/// @param options further ones of the JVM, settings of the services included
public record ServicePrograms(Path home, Optional<Path> caches, Use use, List<String> options) {
    public ServicePrograms {
        options = List.copyOf(options);
    }

    ServicePrograms(Path home, Use use) {
        this(home, Optional.empty(), use, List.of());
    }

    /// What the JVM learns in one run (loaded and linked classes, and how well which methods were compiled)
    /// it can keep for later ones (JEP 483, 514, 515). With it a service is ready after half the time. One
    /// file for each kind of service, next to its jar.
    public enum Use {
        /// For some minutes and few values: what counts is how soon they are there.
        DEMO,
        /// A demo that makes the caches: ends of processes take many seconds. With both compilers: what the
        /// first alone compiled in the recorded run, it alone would compile in all later ones, and AES-GCM
        /// and SHA-256 would be ten times as slow as they can be.
        RECORDING,
        /// For as long as the user likes, and deliveries of any size.
        WORK
    }

    /// The launcher sets this system property to the project's folder.
    static final String HOME = "shareferry.home";

    /// The launcher of a release, which may be read-only, tells the folder of the caches in this one.
    private static final String CACHES = "shareferry.caches";

    /// The second compiler took two fifths of the processor time of a service's first minutes. It compiles only what is
    /// called four times as often as by default; what loops is compiled as early as by default.
    private static final List<String> JVM = List.of(
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=3000",
            "-XX:Tier4CompileThreshold=60000",
            "--enable-native-access=ALL-UNNAMED");

    private static final String FIRST_COMPILER_ONLY = "-XX:TieredStopAtLevel=1";

    /// @param use the purpose of the start
    /// @throws CommandException when the project's folder is unknown
    public static ServicePrograms find(Use use) throws CommandException {
        var home = System.getProperty(HOME);
        if (home == null) {
            throw new CommandException(
                    "The project's folder is not known: start this with ./shareferry, or give java -D" + HOME
                            + "=DIR.");
        }
        return new ServicePrograms(
                Path.of(home), Optional.ofNullable(System.getProperty(CACHES)).map(Path::of), use, List.of());
    }

    /// @param more options of the JVM
    /// @return the same programs, started with these
    public ServicePrograms with(List<String> more) {
        return new ServicePrograms(home, caches, use, more);
    }

    /// @param temporary where the service's libraries may put files
    /// @return the command line that starts the service
    List<String> command(Deployment.Service service, Path temporary) throws CommandException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM);
        if (use == Use.DEMO) {
            command.add(FIRST_COMPILER_ONLY);
        }
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(options);
        var jar = jar(service.artifact());
        var cache = service.artifact() + ".aot";
        command.addAll(cacheOptions(
                service, caches.map(folder -> folder.resolve(cache)).orElseGet(() -> jar.resolveSibling(cache))));
        command.addAll(List.of("-jar", jar.toString(), "--shareferry.exit-with-parent=true"));
        return command;
    }

    /// One process of each kind records. A JVM that cannot use the cache starts without it and logs nothing
    /// about it: the log has one form.
    private List<String> cacheOptions(Deployment.Service service, Path cache) {
        return switch (use) {
            case DEMO, WORK -> Files.exists(cache) ? List.of("-XX:AOTCache=" + cache, "-Xlog:aot=off") : List.of();
            case RECORDING -> service.member().number() == 0 ? List.of("-XX:AOTCacheOutput=" + cache) : List.of();
        };
    }

    /// Unpacked jars start faster. A release has them unpacked; in a checkout the launcher unpacks them.
    private Path jar(String artifact) throws CommandException {
        var target = home.resolve(artifact).resolve("target");
        var name = artifact + ".jar";
        var released = home.resolve("lib").resolve("services").resolve(name);
        for (var jar : List.of(released, target.resolve("app").resolve(name), target.resolve(name))) {
            if (Files.exists(jar)) {
                return jar.toAbsolutePath();
            }
        }
        throw new CommandException(
                target.resolve(name) + " is not built; start this with ./shareferry of a checkout, which builds it.");
    }
}
