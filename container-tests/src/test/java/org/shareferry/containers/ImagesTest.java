// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.containers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What may get into an image.
@WithDocker
class ImagesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static Program.Ran run(Path folder, String... command) {
        return Program.run(folder, List.of(command), Map.of(), PATIENCE);
    }

    /// Where people who follow the documents make keys, certificates and shares.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "identity.pem",
                "P1.handover.json",
                ".env",
                "users/C0/user.key",
                "users/C0/user.p12",
                "demo/P0/identity.pem",
                "site/P0/tls.key",
                "p1/identity.pem",
                "shares/P0.handover.json",
                "deploy/compose/party/member/tls.key",
                "client-service/identity.pem",
                "client-service/src/main/resources/tls.key"
            })
    void private_files_in_a_checkout_are_seen_neither_by_git_nor_by_docker(String name) throws IOException {
        var folder = Files.createTempDirectory("checkout");
        var checkout = Checkout.clean();
        Files.writeString(folder.resolve(".dockerignore"), checkout.read(".dockerignore"));
        Files.writeString(folder.resolve(".gitignore"), checkout.read(".gitignore"));
        Files.writeString(folder.resolve("pom.xml"), "");
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), "private");

        run(folder, "git", "init", "-q").orFail();
        assertThat(run(folder, "git", "status", "--porcelain", "-uall").orFail().output())
                .contains("pom.xml")
                .doesNotContain(name);
        assertThat(context(folder)).contains("pom.xml").doesNotContain(name);
    }

    /// @return names of the files that an image could be made of
    private static List<String> context(Path folder) throws IOException {
        var tag = "shareferry-context-" + UUID.randomUUID();
        var dockerfile = Files.writeString(folder.resolve("everything"), "FROM scratch\nCOPY . /\n");
        run(folder, "docker", "build", "-q", "-t", tag, "-f", dockerfile.toString(), ".")
                .orFail();
        try {
            var container = run(folder, "docker", "create", tag, "nothing")
                    .orFail()
                    .output()
                    .strip();
            var names = run(folder, "sh", "-c", "docker export " + container + " | tar -t")
                    .orFail();
            run(folder, "docker", "rm", container).orFail();
            return names.output().lines().toList();
        } finally {
            run(folder, "docker", "rmi", tag);
        }
    }
}
