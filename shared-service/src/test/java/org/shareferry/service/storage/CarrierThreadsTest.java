// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CarrierThreadsTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    Path folder;

    /// In a Java VM of its own: how many carriers there are is settled once, and on one processor the first who
    /// waits for the lock would take the only one.
    @Test
    void threads_that_wait_for_the_write_lock_do_not_block_its_holder() throws Exception {
        var output = folder.resolve("output");
        var program = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ActiveProcessorCount=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrowdedStore.class.getName(),
                        "--spring.datasource.url=jdbc:sqlite:" + folder.resolve("crowded.db"),
                        "--spring.datasource.hikari.data-source-properties.busy_timeout=2000")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();

        assertThat(program.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(program.exitValue()).as(Files.readString(output)).isZero();
    }
}
