// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every block of commands in the documents is run by a test, or is listed below with the reason why it is
/// not. A new block needs a line here.
class ShellBlocksTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern FENCE = Pattern.compile("(?m)^ *```(.*)$");
    private static final String RUN = "run by ";
    private static final String NOT_RUN = "not run: ";

    /// Document | words that one of its blocks has and no other; none for all blocks of a document | what runs it, from
    /// the project's folder on, or the reason.
    private static final List<Line> LINES = """
            README.md | ./mvnw verify | run by .ci/run
            README.md | shareferry module --to | run by cli DocumentsTest
            README.md | docker compose up -d | not run: ComposeTest starts the same containers, ManifestsTest renders what is applied
            README.md | /v1/results?limit=1 | run by end-to-end-tests DocumentsTest
            CONTRIBUTING.md | | not run: builds and tests of this repository, within one of which this test runs
            clients/mpspdz/README.md | | run by end-to-end-tests PackagesTest
            examples/README.md | shareferry sample | not run: docs/tutorial.md has the same two commands, in another folder
            docs/command-line.md | receipt verify | run by end-to-end-tests DocumentsTest
            docs/deploy.md | docker compose up -d --build | not run: ComposeTest starts the same containers, with ports of its own
            docs/deploy.md | users/C0/user.crt | run by container-tests DocumentsTest
            docs/deploy.md | podman compose | not run: needs Podman
            docs/deploy.md | shareferry keygen --member P1 | run by container-tests SitesTest
            docs/deploy.md | shareferry join /from-others/P0.invite | run by container-tests SitesTest
            docs/deploy.md | shareferry split --values 1,2,3 | run by container-tests SitesTest
            docs/deploy.md | sudo useradd | not run: needs root
            docs/deploy.md | shareferry keygen --out P1 | run by end-to-end-tests DocumentsTest
            docs/deploy.md | services.json | run by end-to-end-tests DocumentsTest
            docs/deploy.md | shareferry join --dir P1 | run by end-to-end-tests DocumentsTest
            docs/deploy.md | shareferry doctor --dir | not run: in a folder that root makes
            docs/deploy.md | systemctl enable | not run: needs root and systemd; SystemdUnitTest checks the unit
            docs/deploy.md | sudo nft | not run: rules of a firewall, which need root
            docs/deploy.md | sudo iptables | not run: rules of a firewall, which need root
            docs/deploy.md | shareferry results delete | not run: one command for two kinds of deployment
            docs/deploy.md | shareferry backup --out | not run: folders of a container; BackupTest and RestoredTest back up and restore
            docs/deploy.md | "since": "2026-06-01T02:00:00Z" | not run: the time is that of a backup
            docs/deploy.md | "only": "held" | not run: needs a delivery that is held
            docs/deploy-kubernetes.md | | not run: needs a cluster; ManifestsTest renders what is applied
            docs/doctor.md | shareferry doctor | not run: forms of one command, for different machines
            docs/from-issue-1755.md | | run by end-to-end-tests DocumentsTest
            docs/install.md | sha256sum | run by end-to-end-tests ReleaseTest
            docs/install.md | tar -xzf | run by end-to-end-tests ReleaseTest
            docs/install.md | mkdir ~/shareferry-work | run by end-to-end-tests ReleaseTest
            docs/install.md | mkdir -p ~/.local/bin | run by end-to-end-tests ReleaseTest
            docs/install.md | demo --once | run by end-to-end-tests ReleaseTest
            docs/install.md | --record-start | not run: takes minutes
            docs/install.md | python3 -m venv | run by end-to-end-tests ReleaseTest
            docs/install.md | mvn install:install-file | not run: writes into the user's repository of Maven
            docs/install.md | ls -A | run by end-to-end-tests ReleaseTest
            docs/install.md | rm -rf | run by end-to-end-tests ReleaseTest
            docs/mpspdz-module.md | shareferry module --to | not run: the tutorial has the same command
            docs/mpspdz-module.md | { 5000-5001, 14000-14001 } | not run: rules of a firewall, which need root
            docs/mpspdz-module.md | sudo iptables | not run: rules of a firewall, which need root
            docs/mpspdz-module.md | 192.0.2.7 | not run: rules of a firewall, which need root
            docs/mpspdz-module.md | SHAREFERRY_MPSPDZ | not run: needs MP-SPDZ
            docs/performance.md | | not run: measurements that take from minutes to hours
            docs/protocols.md | shareferry canary | not run: needs MP-SPDZ; CanaryTest runs it where there is one
            docs/releasing.md | | not run: builds a release; ReleaseTest tests its files
            docs/troubleshooting.md | shareferry status | run by end-to-end-tests DocumentsTest
            docs/tutorial.md | | run by end-to-end-tests DocumentsTest
            docs/values.md | jq -r | run by end-to-end-tests ExamplesTest
            docs/webhook.md | openssl rand | not run: WebhookDocumentTest runs the receiver, with secrets of its own
            """.lines().map(Line::of).toList();

    private record Line(String document, String words, String how) {
        static Line of(String text) {
            var parts = text.split("\\|", 3);
            return new Line(parts[0].strip(), parts[1].strip(), parts[2].strip());
        }

        boolean isOf(String name, String block) {
            return document.equals(name) && block.contains(words);
        }

        boolean isRun() {
            return how.startsWith(RUN);
        }

        @Override
        public String toString() {
            return document + ": " + (words.isEmpty() ? "all blocks" : words);
        }
    }

    static Stream<String> documents() throws IOException {
        return DocumentsTest.documents();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void every_block_is_run_by_a_test_or_has_a_reason(String document) throws IOException {
        for (var block : DocumentsTest.blocks(document)) {
            assertThat(LINES.stream().filter(line -> line.isOf(document, block)))
                    .as(document
                            + " has a block that is neither run by a test nor listed in ShellBlocksTest, or is listed"
                            + " twice:\n" + block)
                    .hasSize(1);
        }
    }

    static Stream<Line> lines() {
        return LINES.stream();
    }

    @ParameterizedTest
    @MethodSource("lines")
    void every_line_belongs_to_a_block_and_names_its_test_or_the_reason_for_none(Line line) throws IOException {
        var ofIt = DocumentsTest.blocks(line.document()).stream()
                .filter(block -> line.isOf(line.document(), block))
                .toList();

        assertThat(ofIt).hasSizeGreaterThanOrEqualTo(1);
        assertThat(line.words().isEmpty() || ofIt.size() == 1).as("one block").isTrue();
        assertThat(line.how()).matches("(?:" + RUN + "|" + NOT_RUN + ").+");
        if (line.isRun()) {
            assertThat(Files.readString(runner(line.how().substring(RUN.length()))))
                    .contains(line.document().replaceFirst("(?:/README)?\\.md$", ""));
        }
    }

    private static Path runner(String name) throws IOException {
        var words = name.split(" ");
        if (words.length == 1) {
            return PROJECT.resolve(name);
        }
        try (var sources = Files.walk(PROJECT.resolve(words[0]).resolve("src/test/java"))) {
            return sources.filter(file -> file.endsWith(words[1] + ".java"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /// A fence without a language could be a block of commands that no test sees.
    @ParameterizedTest
    @MethodSource("documents")
    void every_fence_names_its_language(String document) throws IOException {
        boolean isOpen = false;
        for (var fence : FENCE.matcher(Files.readString(PROJECT.resolve(document)))
                .results()
                .toList()) {
            isOpen = !isOpen;
            if (isOpen) {
                assertThat(fence.group(1))
                        .as(document)
                        .matches("sh|text(?: .+)?|python|java|javascript|r|yaml|json.*|hex.*|sql|ini|properties|toml");
            }
        }
        assertThat(isOpen).isFalse();
    }

    @Test
    void the_readme_itself_is_among_the_documents() throws IOException {
        assertThat(documents()).contains("README.md", "docs/tutorial.md", "clients/mpspdz/README.md");
    }
}
