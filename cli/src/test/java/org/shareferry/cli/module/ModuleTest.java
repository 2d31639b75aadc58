// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.module;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.Run;

class ModuleTest {
    private static final Path SOURCE = Path.of("..", "party-service", "src", "main", "mpspdz", "shareferry.py");

    @TempDir
    private Path folder;

    @Test
    void the_copied_module_is_the_file_in_the_sources() throws IOException {
        Run.of("module", "--to", folder).succeeded();

        assertThat(folder.resolve("shareferry.py")).hasSameBinaryContentAs(SOURCE);
    }

    @Test
    void a_folder_with_the_compiler_gets_no_hint() throws IOException {
        Files.writeString(folder.resolve("compile.py"), "");

        assertThat(Run.of("module", "--to", folder).succeeded().out())
                .isEqualToIgnoringNewLines(
                        folder.resolve("shareferry.py").toString() + folder.resolve("shareferry_canary.mpc"));
    }

    @Test
    void the_canary_is_copied_into_mp_spdzs_folder_of_programs() throws IOException {
        var sources = Files.createDirectories(folder.resolve("Programs").resolve("Source"));

        Run.of("module", "--to", folder).succeeded();

        assertThat(sources.resolve("shareferry_canary.mpc"))
                .hasSameBinaryContentAs(SOURCE.resolveSibling("shareferry_canary.mpc"));
    }

    @Test
    void a_folder_without_the_compiler_gets_a_hint() {
        assertThat(Run.of("module", "--to", folder).succeeded().out()).contains("PYTHONPATH");
    }

    @Test
    void an_older_module_is_replaced() throws IOException {
        Files.writeString(
                folder.resolve("shareferry.py"), "# SPDX-FileCopyrightText: The Shareferry authors\nVERSION = 0\n");

        Run.of("module", "--to", folder).succeeded();

        assertThat(folder.resolve("shareferry.py")).hasSameBinaryContentAs(SOURCE);
    }

    @Test
    void a_different_file_is_not_overwritten() throws IOException {
        var theirs = Files.writeString(folder.resolve("shareferry.py"), "print('mine')\n");

        Run.of("module", "--to", folder).failedWith("was not changed");

        assertThat(theirs).hasContent("print('mine')\n");
    }

    @Test
    void a_missing_folder_is_not_created() {
        Run.of("module", "--to", folder.resolve("none")).failedWith("is not a folder");
    }
}
