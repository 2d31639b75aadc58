// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.process.ServicePrograms.Use;
import org.shareferry.member.MemberName;

class ServiceProgramsTest {
    private static final Deployment.Service RELAY = new Deployment.Service(
            MemberName.parse("R0"), URI.create("https://127.0.0.1:1"), URI.create("http://127.0.0.1:101"));

    @TempDir
    Path folder;

    @Test
    void the_reason_of_an_ended_service_is_its_last_error_on_one_line() {
        var log = List.of(
                "{\"log\":{\"level\":\"INFO\"},\"message\":\"Starting\"}",
                "{\"log\":{\"level\":\"ERROR\"},\"message\":\"\\n***\\nAPPLICATION FAILED TO START\\n***\\n\\n"
                        + "Description:\\n\\nThe port 1 was\\nalready in use.\\n\"}",
                "{\"log\":{\"level\":\"INFO\"},\"message\":\"Bye\"}");

        assertThat(FailureReason.of(log)).isEqualTo("The port 1 was already in use.");
    }

    @Test
    void a_log_without_an_error_gives_its_last_line() {
        assertThat(FailureReason.of(List.of("Error: Unable to access jarfile x.jar")))
                .contains("Unable to access");
        assertThat(FailureReason.of(List.of("{not json"))).isEqualTo("{not json");
        assertThat(FailureReason.of(List.of())).isEqualTo("there is no log.");
    }

    @Test
    void services_that_were_not_built_are_named() {
        var programs = new ServicePrograms(folder, Use.DEMO);

        assertThatThrownBy(() -> programs.command(RELAY, folder))
                .hasMessageContaining("relay-service.jar is not built");
    }

    @Test
    void unpacked_services_and_their_caches_are_preferred() throws Exception {
        var target = Files.createDirectories(folder.resolve("relay-service/target/app"));
        Files.writeString(target.resolve("relay-service.jar"), "");
        Files.writeString(target.resolve("relay-service.aot"), "");
        var programs = new ServicePrograms(folder, Use.DEMO);

        assertThat(programs.command(RELAY, folder))
                .contains("-XX:AOTCache=" + target.resolve("relay-service.aot"))
                .contains(target.resolve("relay-service.jar").toString())
                .endsWith("--shareferry.exit-with-parent=true");
    }

    /// The folder of a release may be read-only.
    @Test
    void services_of_a_release_have_their_caches_in_a_folder_of_the_user() throws Exception {
        var services = Files.createDirectories(folder.resolve("lib/services"));
        Files.writeString(services.resolve("relay-service.jar"), "");
        var caches = Files.createDirectory(folder.resolve("caches"));
        Files.writeString(caches.resolve("relay-service.aot"), "");

        var programs = new ServicePrograms(folder, Optional.of(caches), Use.WORK, List.of());

        assertThat(programs.command(RELAY, folder))
                .contains("-XX:AOTCache=" + caches.resolve("relay-service.aot"))
                .contains(services.resolve("relay-service.jar").toString());
    }

    /// A method that is compiled little in the recorded run is compiled little in all that start from it.
    @Test
    void long_running_and_recorded_services_use_both_compilers() throws Exception {
        Files.writeString(
                Files.createDirectories(folder.resolve("relay-service/target")).resolve("relay-service.jar"), "");

        assertThat(new ServicePrograms(folder, Use.DEMO).command(RELAY, folder)).contains("-XX:TieredStopAtLevel=1");
        for (var use : List.of(Use.WORK, Use.RECORDING)) {
            assertThat(new ServicePrograms(folder, use).command(RELAY, folder))
                    .doesNotContain("-XX:TieredStopAtLevel=1");
        }
    }
}
