// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// What the relay and the client lose by going on from an older backup comes again.
@Tag("slow")
class RestoredTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private Path temporary;

    /// Shares of both parties, and what they say.
    private record Made(String id, Path ofP0, Path ofP1) {}

    private Made split(String name, String values) {
        var folder = temporary.resolve(name);
        Site.shareferry(
                "split",
                "--values=" + values,
                "--parties",
                2,
                "--scheme",
                "batched",
                "--macs-checked",
                "--out",
                makeFolder(folder));
        var ofP0 = folder.resolve("P0.handover.json");
        var id = JsonMapper.shared().readTree(Site.read(ofP0)).get("id").asString();
        return new Made(id, ofP0, folder.resolve("P1.handover.json"));
    }

    private static Path makeFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The client's keys may not have come yet: 503 means to come again.
    private static void handOver(Site site, String party, Path file) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> site.post(party, "/v1/deliveries", file), status -> status == 202);
    }

    private static void awaitState(Site site, String party, String id, String state) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(300))
                .until(() -> site.get(party, "/v1/deliveries/" + id)
                        .path("state")
                        .asString("")
                        .equals(state));
    }

    private static void assertArrived(Site site, Made made, String values) {
        var result = site.awaitResult(made.id());
        assertThat(result.get("verdict").asString()).isEqualTo("VERIFIED");
        assertThat(result.get("values").toString()).isEqualTo(values);
        awaitState(site, "P0", made.id(), "received");
        awaitState(site, "P1", made.id(), "received");
    }

    /// Database and keys come from the same backup, which was made while the service ran.
    @Test
    void a_client_restored_from_a_backup_receives_the_lost_deliveries_again() throws IOException {
        var made = split("shares", "1,2,3");
        var backup = temporary.resolve("C0.tar");
        try (var site = new Site(temporary.resolve("site"), 2, Site.SPDZ2K)) {
            site.startAll();
            var folder = site.folder();
            Site.shareferry("backup", "--dir", folder, "--member", "C0", "--with-keys", "--out", backup);
            handOver(site, "P0", made.ofP0());
            handOver(site, "P1", made.ofP1());
            assertArrived(site, made, "[1,2,3]");

            site.kill("C0");
            Files.move(site.home("C0"), temporary.resolve("lost"));
            var told = Site.shareferry("restore", backup, "--to", site.home("C0"));
            site.start("C0");
            assertThat(site.get("C0", "/v1/results/" + made.id()).path("status").asInt())
                    .isEqualTo(404);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(site.home("C0").resolve("service.log"))
                            .content()
                            .contains("was restored from a backup"));
            var order = Files.writeString(temporary.resolve("order.json"), redelivery(told));
            assertThat(site.post("R0", "/v1/redeliveries", order)).isEqualTo(202);

            assertArrived(site, made, "[1,2,3]");
        }
    }

    /// @return the body of the request that restoring tells to send
    private static String redelivery(String told) {
        return told.substring(told.indexOf("{\"recipient\""), told.indexOf("}' https://") + 1);
    }

    @Test
    void a_relay_with_an_older_database_receives_the_lost_envelopes_again() throws IOException {
        var made = split("shares", "4,5,6");
        try (var site = new Site(temporary.resolve("site"), 2, Site.SPDZ2K)) {
            site.startAll();
            handOver(site, "P0", made.ofP0());
            awaitState(site, "P0", made.id(), "submitted");

            site.kill("R0");
            delete(database(site, "R0"));
            site.start("R0");
            handOver(site, "P1", made.ofP1());

            assertArrived(site, made, "[4,5,6]");
        }
    }

    /// @return SQLite's file and those beside it
    private static List<Path> database(Site site, String member) {
        var files = site.files(member).stream()
                .filter(file -> file.getFileName().toString().matches(".*\\.db(-wal|-shm)?"))
                .toList();
        assertThat(files).isNotEmpty();
        return files;
    }

    private static void delete(List<Path> files) throws IOException {
        for (var file : files) {
            Files.delete(file);
        }
    }
}
