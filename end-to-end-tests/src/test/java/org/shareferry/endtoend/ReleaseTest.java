// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.shareferry.endtoend.Programs.PROJECT;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What `./mvnw -Prelease package` makes. The archives are unpacked in a folder without a checkout and used with a PATH
/// that has neither Maven nor git.
@Tag("slow")
class ReleaseTest {
    private static final Path RELEASE = PROJECT.resolve("target").resolve("release");

    /// All that the launcher runs, besides Java and what the shell itself has.
    private static final List<String> TOOLS =
            List.of("sh", "cksum", "cut", "dirname", "find", "id", "locale", "readlink", "sed", "uname");

    /// What the build puts into archives. All else is copied from the checkout.
    private static final Pattern BUILT = Pattern.compile("(?:lib|runtime)/.*");

    @TempDir
    Path temporary;

    private static String version;

    @BeforeAll
    static void needs_a_release() throws IOException {
        version = Programs.version();
        assumeTrue(
                Files.exists(RELEASE.resolve("SHA256SUMS")), "target/release is missing: add -Prelease to the command");
    }

    private static Path bringsJava() throws IOException {
        try (var files = Files.list(RELEASE)) {
            return files.filter(file -> file.getFileName()
                            .toString()
                            .matches("shareferry-\\Q" + version + "\\E-(linux|macos)-\\w+\\.tar\\.gz"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path unpack(Path archive, String folder) throws Exception {
        var into = Files.createDirectories(temporary.resolve(folder));
        Programs.run(Map.of(), into, List.of("tar", "-xzf", archive.toString()));
        return into.resolve("shareferry-" + version);
    }

    /// @return a folder with the tools alone
    private Path tools() throws IOException {
        var folder = Files.createDirectories(temporary.resolve("bin"));
        for (var tool : TOOLS) {
            var program = Arrays.stream(System.getenv("PATH").split(":"))
                    .map(place -> Path.of(place, tool))
                    .filter(Files::isExecutable)
                    .findFirst();
            if (program.isPresent() && Files.notExists(folder.resolve(tool))) {
                Files.createSymbolicLink(folder.resolve(tool), program.get());
            }
        }
        return folder;
    }

    /// Runs the unpacked launcher as a user with an empty home.
    ///
    /// @return what it printed on standard output
    private String shareferry(Path home, Path path, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of(home.resolve("shareferry").toString()));
        command.addAll(List.of(arguments));
        var log = temporary.resolve("log");
        var builder = new ProcessBuilder(command).directory(temporary.toFile()).redirectError(log.toFile());
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", path.toString(), "HOME", temporary.toString()));
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output + Files.readString(log)).isZero();
        return output;
    }

    private static Map<Path, Object> times(Path folder) throws IOException {
        var times = new TreeMap<Path, Object>();
        try (var files = Files.walk(folder)) {
            for (var file : files.toList()) {
                times.put(file, Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    private static void deliversEverything(String report) {
        var deliveries = JsonMapper.shared().readTree(report).path("deliveries");
        assertThat(deliveries).isNotEmpty();
        assertThat(deliveries.values())
                .allSatisfy(delivery ->
                        assertThat(delivery.path("verdict").asString()).isEqualTo("VERIFIED"));
    }

    /// Nothing is written into its folder, which may be read-only.
    @Test
    void the_archive_with_java_runs_without_an_installed_one() throws Exception {
        var home = unpack(bringsJava(), "brings-java");
        var before = times(home);

        var report = shareferry(home, tools(), "demo", "--once", "--json");

        deliversEverything(report);
        assertThat(times(home)).isEqualTo(before);
    }

    /// Of docs/install.md. What it installs for others, and what takes minutes, is left out.
    @Test
    void the_steps_of_the_page_on_installing_work() throws Exception {
        var archive = bringsJava().getFileName().toString();
        var wheel = "shareferry_client-" + version.replace("-SNAPSHOT", ".dev0");
        for (var file : List.of(archive, "SHA256SUMS", wheel + "-py3-none-any.whl")) {
            Files.createSymbolicLink(temporary.resolve(file), RELEASE.resolve(file));
        }
        try (var terminal = new Terminal(temporary)) {
            for (var step : Walkthrough.of("docs/install.md").steps()) {
                if (step.commands().contains("venv")) {
                    terminal.run("cd");
                }
                if (!step.commands().matches("(?s).*(?:--record-start|install:install-file).*")) {
                    var here = step.with(words -> words.replace("shareferry-0.1.0-linux-amd64.tar.gz", archive)
                            .replace("shareferry_client-0.1.0", wheel)
                            .replaceAll("shareferry([- ])0\\.1\\.0(?!\\.|-SNAPSHOT)", "shareferry$1" + version));
                    here.check(terminal.run(here.commands()));
                }
            }
        }

        assertThat(temporary.resolve("shareferry-" + version)).doesNotExist();
        assertThat(temporary.resolve("shareferry-work")).isEmptyDirectory();
    }

    /// The Java of the other archive has fewer modules than any JRE.
    @Test
    void the_archive_for_every_platform_needs_only_a_jre() throws Exception {
        var jre = unpack(bringsJava(), "jre").resolve("runtime");
        var home = unpack(RELEASE.resolve("shareferry-" + version + ".tar.gz"), "needs-java");
        var before = times(home);
        var path = tools();
        Files.createSymbolicLink(path.resolve("java"), jre.resolve("bin/java"));

        assertThat(shareferry(home, path, "--version").strip()).isEqualTo("shareferry " + version);
        var report = shareferry(home, path, "demo", "--once", "--json");

        deliversEverything(report);
        assertThat(times(home)).isEqualTo(before);
    }

    /// So no key or password of a checkout in use is published.
    @Test
    void archives_have_only_tracked_files_of_the_checkout() throws Exception {
        assumeTrue(
                Programs.succeeds("git", "-C", PROJECT.toString(), "rev-parse", "HEAD"), "git or its data is missing");
        var tracked = Programs.run(Map.of(), PROJECT, List.of("git", "ls-files"))
                .lines()
                .toList();

        for (var archive : List.of(bringsJava(), RELEASE.resolve("shareferry-" + version + ".tar.gz"))) {
            var copied = Programs.run(Map.of(), RELEASE, List.of("tar", "-tzf", archive.toString()))
                    .lines()
                    .filter(entry -> !entry.endsWith("/"))
                    .map(entry -> entry.substring(entry.indexOf('/') + 1))
                    .filter(entry -> !BUILT.matcher(entry).matches())
                    .toList();

            assertThat(copied).contains("README.md", "docs/deploy.md").isSubsetOf(tracked);
        }
    }

    /// A tracked file can be changed in a checkout in use.
    @Test
    void settings_in_archives_have_no_passwords() throws Exception {
        var unpacked = unpack(RELEASE.resolve("shareferry-" + version + ".tar.gz"), "settings");

        assertThat(unpacked.resolve("deploy/compose/client/member/application.yml"))
                .exists();
        assertThat(WrittenSecrets.in(unpacked)).isEmpty();
    }

    @Test
    void every_file_has_its_checksum() throws Exception {
        var sums = new TreeMap<String, String>();
        for (var line : Files.readAllLines(RELEASE.resolve("SHA256SUMS"))) {
            var parts = line.split("  ", 2);
            sums.put(parts[1], parts[0]);
        }
        var computed = new TreeMap<String, String>();
        try (var files = Files.list(RELEASE)) {
            for (var file : files.toList()) {
                computed.put(file.getFileName().toString(), sha256(file));
            }
        }
        computed.remove("SHA256SUMS");

        assertThat(sums).isEqualTo(computed);
    }

    private static String sha256(Path file) throws Exception {
        var digest = MessageDigest.getInstance("SHA-256");
        try (var in = Files.newInputStream(file)) {
            var buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Test
    void packages_for_applications_and_the_bill_of_materials_are_there() throws Exception {
        var python = version.replace("-SNAPSHOT", ".dev0");

        for (var file : List.of(
                "shareferry-" + version + ".zip",
                "shareferry_client-" + python + "-py3-none-any.whl",
                "shareferry_mpspdz-" + python + "-py3-none-any.whl",
                "client-library-" + version + ".jar",
                "client-library-" + version + "-sources.jar",
                "client-library-" + version + "-javadoc.jar")) {
            assertThat(RELEASE.resolve(file)).exists();
        }
        assertThat(Files.readString(RELEASE.resolve("client-library-" + version + ".pom")))
                .contains("<version>" + version + "</version>", "<artifactId>jackson-core</artifactId>")
                .doesNotContain("<parent>", "${");
        var bill =
                JsonMapper.shared().readTree(Files.readString(RELEASE.resolve("shareferry-" + version + ".cdx.json")));
        assertThat(bill.path("components").values())
                .extracting(component -> component.path("purl").asString(""))
                .anyMatch(purl -> purl.startsWith("pkg:maven/org.shareferry/relay-service@" + version))
                .anyMatch(purl -> purl.startsWith("pkg:maven/org.bouncycastle/bcprov-jdk18on@"))
                .noneMatch(purl -> purl.contains("junit"));
    }
}
