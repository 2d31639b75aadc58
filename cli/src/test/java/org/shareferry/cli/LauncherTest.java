// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a checkout that looks built.
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
                "doctor",
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
        Files.copy(PROJECT.resolve(".mvn/find-java.sh"), home.resolve(".mvn/find-java.sh"));
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
}
