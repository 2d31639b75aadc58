// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a checkout that looks built, and in a release whose Java only writes down how it was called.
class LauncherTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    Path folder;

    /// A jar that leads to the classes under test.
    private static void writeJar(Path jar) throws Exception {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
    }

    private void makeCheckout() throws Exception {
        var home = Files.createDirectories(folder.resolve("home"));
        Files.copy(PROJECT.resolve("pom.xml"), home.resolve("pom.xml"));
        for (var module : List.of(
                "shared-crypto",
                "shared-site",
                "diagnostics",
                "stand-in-vm",
                "shared-service",
                "party-service",
                "relay-service",
                "client-service",
                "cli")) {
            Files.createDirectories(home.resolve(module + "/src/main"));
            Files.copy(PROJECT.resolve(module).resolve("pom.xml"), home.resolve(module + "/pom.xml"));
            Files.createDirectories(home.resolve(module + "/target"));
            Files.createFile(home.resolve(module + "/target/packaged"));
        }
        Files.createDirectories(home.resolve(".mvn"));
        for (var script : List.of(".mvn/find-java.sh", ".mvn/programs.sh")) {
            Files.copy(PROJECT.resolve(script), home.resolve(script));
        }
        Files.copy(PROJECT.resolve("shareferry"), home.resolve("shareferry"));
        writeJar(home.resolve("cli/target/cli.jar"));
        Files.createFile(home.resolve("cli/target/prepared"));
    }

    /// The shell makes the folder, because this JVM may not be able to name it.
    @Test
    void a_folder_with_an_umlaut_is_found_without_a_locale() throws Exception {
        makeCheckout();
        var script = Files.writeString(folder.resolve("script"), """
                set -eu
                mv home münchen
                cd münchen
                sh ./shareferry init --dir "$PWD/größe"
                test -f größe/roster.json
                """);
        var shell = new ProcessBuilder("sh", script.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true);
        shell.environment().keySet().removeIf(name -> name.equals("LANG") || name.startsWith("LC_"));
        shell.environment().put("LC_ALL", "C");
        shell.environment().put("JAVA_HOME", System.getProperty("java.home"));

        var process = shell.start();
        var output = new String(process.getInputStream().readAllBytes());

        assertThat(process.waitFor()).as(output).isZero();
    }

    private void makeRelease() throws Exception {
        var home = Files.createDirectories(folder.resolve("release"));
        var launcher = Files.createDirectories(home.resolve("lib/launcher"));
        Files.copy(PROJECT.resolve("shareferry"), home.resolve("shareferry"));
        Files.copy(PROJECT.resolve(".mvn/find-java.sh"), launcher.resolve("find-java.sh"));
        Files.copy(PROJECT.resolve("release/src/launcher/programs.sh"), launcher.resolve("programs.sh"));
        Files.createFile(Files.createDirectories(home.resolve("lib/cli")).resolve("cli.jar"));
        Files.createFile(Files.createDirectories(home.resolve("lib/services")).resolve("relay-service.jar"));
        var java = Files.writeString(
                Files.createDirectories(home.resolve("runtime/bin")).resolve("java"),
                "#!/bin/sh\necho \"$@\" >>'" + folder.resolve("calls") + "'\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"25\"");
        Files.writeString(folder.resolve("calls"), "");
    }

    /// @param caches of the user, as XDG_CACHE_HOME says
    /// @return the calls of Java
    private List<String> inRelease(Path caches, String... arguments) throws Exception {
        Files.writeString(folder.resolve("calls"), "");
        var command = new ArrayList<>(
                List.of("sh", folder.resolve("release/shareferry").toString()));
        command.addAll(List.of(arguments));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("XDG_CACHE_HOME", caches.toString());
        builder.environment().put("HOME", folder.resolve("home of the user").toString());

        var process = builder.start();
        var output = new String(process.getInputStream().readAllBytes());

        assertThat(process.waitFor()).as(output).isZero();
        return Files.readAllLines(folder.resolve("calls"));
    }

    @Test
    void a_release_runs_on_the_java_that_it_brings() throws Exception {
        makeRelease();

        assertThat(inRelease(folder.resolve("caches"), "status", "--dir", "site"))
                .singleElement()
                .asString()
                .contains("-Dshareferry.home=" + folder.resolve("release") + " ")
                .doesNotContain("shareferry.caches")
                .endsWith("org.shareferry.cli.Main status --dir site");
    }

    @Test
    void commands_name_the_launcher_as_it_was_called() throws Exception {
        makeRelease();
        var bin = Files.createDirectories(folder.resolve("bin"));
        var launcher = folder.resolve("release/shareferry");
        assertThat(launcher.toFile().setExecutable(true)).isTrue();
        Files.createSymbolicLink(bin.resolve("shareferry"), launcher);
        var shell = new ProcessBuilder("sh", "-c", "shareferry status; " + bin + "/../release/shareferry status")
                .directory(folder.toFile());
        shell.environment().merge("PATH", bin.toString(), (path, first) -> first + ":" + path);

        assertThat(shell.start().waitFor()).isZero();

        assertThat(Files.readAllLines(folder.resolve("calls")))
                .satisfiesExactly(
                        call -> assertThat(call).contains("-Dshareferry.command=shareferry "),
                        call -> assertThat(call).contains("-Dshareferry.command=" + bin + "/../release/shareferry "));
    }

    @Test
    @DisabledOnOs(OS.MAC) // has another folder for caches
    void a_release_uses_caches_in_the_users_folder_after_a_demo_has_recorded_them() throws Exception {
        makeRelease();
        var caches = folder.resolve("caches");

        assertThat(inRelease(caches, "demo", "--once").getFirst()).doesNotContain("shareferry.caches");
        for (var command : List.of("demo --once --record-start", "demo --once", "run")) {
            assertThat(inRelease(caches, command.split(" ")))
                    .singleElement()
                    .asString()
                    .contains("-Dshareferry.caches=" + caches + "/shareferry/")
                    .endsWith(command);
        }
    }

    /// The JVM runs what is in them.
    @Test
    @DisabledOnOs(OS.MAC)
    void caches_that_others_can_write_are_not_used() throws Exception {
        makeRelease();
        var caches = folder.resolve("caches");
        inRelease(caches, "demo", "--record-start");
        try (var made = Files.list(caches.resolve("shareferry"))) {
            Files.setPosixFilePermissions(made.findFirst().orElseThrow(), PosixFilePermissions.fromString("rwxrwx---"));
        }

        assertThat(inRelease(caches, "demo")).singleElement().asString().doesNotContain("shareferry.caches");
    }
}
