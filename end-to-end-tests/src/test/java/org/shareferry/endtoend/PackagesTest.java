// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.shareferry.endtoend.Programs.PROJECT;
import static org.shareferry.endtoend.Programs.pythonWith;
import static org.shareferry.endtoend.Programs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// pip makes a package of each folder that says that it can be installed, without fetching anything. Its version
/// is that of pom.xml.
@Tag("slow")
class PackagesTest {
    private static final String MODULE = "party-service/src/main/mpspdz/shareferry.py";

    /// pip and setuptools leave files beside what they build, so they get copies.
    private static void copy(String folder, Path to) throws IOException {
        try (var files = Files.walk(PROJECT.resolve(folder))) {
            for (var file : files.toList()) {
                var target = to.resolve(PROJECT.relativize(file));
                Files.createDirectories(Files.isDirectory(file) ? target : target.resolveSibling("."));
                if (Files.isRegularFile(file)) {
                    Files.copy(file, target);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "clients/python, shareferry_client, shareferry_client/client.py",
        "clients/mpspdz, shareferry_mpspdz, shareferry.py"
    })
    void pip_makes_a_package_of_it(String folder, String name, String content, @TempDir Path temporary)
            throws Exception {
        var python = pythonWith("setuptools, wheel, pip");
        assumeTrue(python.isPresent(), "Python lacks pip, setuptools or wheel");
        copy("pom.xml", temporary);
        copy("clients", temporary);
        copy(MODULE, temporary);

        run(
                Map.of(),
                temporary,
                List.of(
                        python.orElseThrow(),
                        "-m",
                        "pip",
                        "wheel",
                        "--no-build-isolation",
                        "--no-deps",
                        "--no-index",
                        "-w",
                        ".",
                        folder));

        var wheel = name + "-" + Programs.version().replace("-SNAPSHOT", ".dev0") + "-py3-none-any.whl";
        try (var packed = new ZipFile(temporary.resolve(wheel).toFile())) {
            assertThat(packed.stream().map(ZipEntry::getName)).contains(content);
        }
    }
}
