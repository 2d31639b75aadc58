// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.shareferry.containers.Program.Ran;

/// One member's copy of a folder of deploy/compose, and what its operator does there.
final class ContainerSite implements AutoCloseable {
    private final String member;
    private final Path folder;
    private final Compose compose;

    /// @param kind party, relay or client
    /// @param environment what its `.env` says
    ContainerSite(String member, String kind, Path parent, Map<String, String> environment) {
        this.member = member;
        this.folder = parent.resolve(member);
        this.compose = new Compose("shareferry-site-" + member.toLowerCase(java.util.Locale.ROOT), folder, environment);
        copy(Checkout.clean().folder().resolve("deploy").resolve("compose").resolve(kind));
        compose.close();
    }

    private void copy(Path from) {
        var settings = folder.resolve("member").resolve("application.yml");
        try {
            Files.createDirectories(settings.getParent());
            Files.createDirectories(folder.resolve("from-others"));
            Files.copy(from.resolve("docker-compose.yml"), folder.resolve("docker-compose.yml"));
            var text = Files.readString(from.resolve("member").resolve("application.yml"));
            Files.writeString(
                    settings,
                    text.replace("member: P1", "member: " + member)
                            .replace("P1-", member + "-")
                            .replaceFirst("(?m)^    protocol:$", "    protocol: spdz2k"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        asRoot(folder, "chown -R 10001:10001 member && chmod 700 member");
    }

    /// Who runs the tests need not be root, as an operator is now and then.
    static void asRoot(Path folder, String script) {
        Program.run(
                        folder,
                        List.of(
                                "docker",
                                "run",
                                "--rm",
                                "--network=none",
                                "--user=0",
                                "--entrypoint=sh",
                                "--volume=" + folder + ":/sites",
                                "--workdir=/sites",
                                "shareferry/cli",
                                "-euc",
                                script),
                        Map.of(),
                        Compose.PATIENCE)
                .orFail();
    }

    String member() {
        return member;
    }

    Compose compose() {
        return compose;
    }

    /// Runs a command of the documents: one of the command line's in its container, curl with the
    /// files of `member`.
    Ran does(String command) {
        if (command.startsWith("curl ")) {
            asRoot(folder, "rm -rf seen && cp -R member seen && chmod -R a+rX seen");
            return compose.shell("cd seen && " + command.replaceFirst("curl ", "curl -fsS "))
                    .orFail();
        }
        var words = String.join(" ", Compose.program());
        return compose.shell(command.replaceFirst("^docker compose", words)
                        .replaceFirst("^shareferry ", words + " run --rm -T shareferry "))
                .orFail();
    }

    @Override
    public void close() {
        compose.close();
    }
}
