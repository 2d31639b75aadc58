// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frobnicate                                              | frobnicate",
                "keygen                                                  | --member",
                "keygen --member X1 --out {}                             | no member's name",
                "keygen --member C0 --out {} --address ftp://x           | https://host:port",
                "certificates --member P0 --out {} --host a_b!           | has an underscore",
                "certificates --member P0 --out {} --host a --days 0     | --days",
                "certificates --member P0 --out {} --host a --ca {}      | ca.crt does not exist",
                "certificates --member P0 --out {} --host a --ca {} --csr | exclude each other",
                "trust --out {}/t.pem {}/missing.crt                     | missing.crt does not exist",
                "roster                                                  | roster add",
                "roster show --roster {}/missing.json                    | missing.json does not exist",
                "roster add --roster {}/r.json {}/missing.json           | missing.json does not exist",
                "init --dir {}/d --parties 1                             | --parties",
                "init --dir {}/d --client P0                             | --client",
                "init --dir {}/d --client C0,C0                          | --client",
                "init --dir {}/d --protocol SPDZ2k                       | --protocol",
                "init --dir {}/d --base-port 65534                       | --base-port",
                "init --dir {}/d --parties many                          | many",
                "split --out {} --values x                               | --values",
                "split --out {} --values 1.5                             | --values",
                "split --out {} --values 9223372036854775808             | does not fit",
                "split --out {} --values 1 --scheme committed            | committed",
                "split --out {} --values 1 --scheme sixfold              | sixfold",
                "split --out {} --values 1 --ring 64                     | --ring",
                "split --out {} --values 1 --prime 15                    | --prime",
                "split --out {} --values 1 --parties 1                   | --parties",
                "split --out {} --values 1 --client P1                   | --client",
                "split --out {} --values 1 --chunk 0                     | --chunk",
                "split --out {} --values 1 --precision -1                | --precision",
                "reconstruct {}/a.json                                   | FILE",
                "reconstruct {}/a.json {}/b.json                         | a.json does not exist",
                "status --dir {}                                         | services.json does not exist",
                "demo --input {}/missing                                 | not a folder",
                "demo --input {}                                         | no P0.dialog",
                "demo --protocol A!                                      | --protocol",
            })
    void every_error_is_one_sentence_without_a_stack_trace(String command, String part) {
        var arguments = command.strip().replace("{}", folder.toString()).split(" +");

        Run.of((Object[]) arguments).failedWith(part.strip());
    }

    @Test
    void verbose_shows_the_cause_of_an_error() {
        var run = Run.of("roster", "show", "--roster", folder.resolve("missing.json"), "--verbose");

        assertThat(run.code()).isNotZero();
        assertThat(run.err()).contains("does not exist").contains("Caused by: java.nio.file.NoSuchFileException");
    }

    @Test
    void an_unexpected_error_is_one_sentence_too() throws Exception {
        var file = Files.createDirectory(folder.resolve("folder.json"));

        Run.of("roster", "show", "--roster", file).failedWith("cannot be read");
    }

    @Test
    void help_names_every_command() {
        var run = Run.of("--help").succeeded();

        assertThat(run.out())
                .contains("demo", "init", "keygen", "certificates", "authority", "trust", "roster", "split")
                .contains("reconstruct", "status");
    }
}
