// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.Run;
import org.shareferry.member.Role;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BackupTest {
    private static final String KEY = "ab".repeat(32) + ".pem";

    /// Made once: keys and certificates take a second.
    @TempDir
    private static Path shared;

    private static Path site;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeSite() throws Exception {
        site = shared.resolve("site");
        Run.of("init", "--dir", site).succeeded();
        for (var member : List.of("P0 party", "R0 relay", "C0 client")) {
            var words = member.split(" ");
            makeDatabase(site.resolve(words[0]).resolve(words[1] + ".db"), words[1]);
        }
        var keys = Files.createDirectory(site.resolve("C0/keys"));
        Files.writeString(keys.resolve(KEY), "opening key");
        Files.writeString(keys.resolve("answers.counter"), "3 -\n");
        Files.writeString(site.resolve("C0/service.log"), "log");
    }

    /// A service's tables that backups know.
    private static void makeDatabase(Path file, String kind) throws SQLException {
        run(
                file,
                "PRAGMA journal_mode = WAL",
                "CREATE TABLE flyway_schema_history (installed_rank INT, version TEXT, script TEXT, success BOOLEAN)",
                "INSERT INTO flyway_schema_history VALUES (1, '0.1', 'V0_1__scheduled_tasks.sql', 1),"
                        + " (2, '1.1', 'V1_1__" + kind + ".sql', 1), (3, '1.50', 'V1_50__feed.sql', 1),"
                        + " (4, '1.130', 'V1_130__restored.sql', 1)",
                "CREATE TABLE answering (counter BIGINT, asked_after BIGINT, restored BOOLEAN)",
                "INSERT INTO answering VALUES (3, 0, FALSE)",
                "CREATE TABLE feed_state (id TEXT)",
                "INSERT INTO feed_state VALUES ('feed of " + kind + "')",
                "CREATE TABLE content (value TEXT)",
                "INSERT INTO content VALUES ('committed')");
    }

    private static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    private static void run(Path file, String... statements) throws SQLException {
        try (var connection = open(file);
                var statement = connection.createStatement()) {
            for (var sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String query(Path file, String sql) throws SQLException {
        try (var connection = open(file);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "";
        }
    }

    private Path backup(String member, Object... more) {
        var file = folder.resolve(member + ".tar");
        var arguments = new ArrayList<Object>(List.of("backup", "--dir", site, "--member", member, "--out", file));
        arguments.addAll(List.of(more));
        Run.of(arguments.toArray()).succeeded();
        return file;
    }

    private Path restored() {
        return folder.resolve("restored/C0");
    }

    private static List<String> files(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void a_client_is_restored_without_keys_and_with_a_marked_database() throws Exception {
        var file = backup("C0");

        var run = Run.of("restore", file, "--to", restored()).succeeded();

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(files(restored()))
                .containsExactly(
                        "application.yml", "client.db", "outside/site/roster.json", "tls.crt", "trust.pem", "user.crt");
        assertThat(restored().resolve("application.yml")).hasSameBinaryContentAs(site.resolve("C0/application.yml"));
        assertThat(restored().resolve("outside/site/roster.json")).hasSameBinaryContentAs(site.resolve("roster.json"));
        assertThat(query(restored().resolve("client.db"), "SELECT restored FROM answering"))
                .isEqualTo("1");
        assertThat(query(site.resolve("C0/client.db"), "SELECT restored FROM answering"))
                .isEqualTo("0");
        assertThat(run.out())
                .contains("without private keys", "identity.pem", "keys/", "\"since\": \"2026-03-01T11:00:00Z\"")
                .contains("deleted since the backup are there again: delete them again")
                .contains("mv " + restored().resolve("outside/site/roster.json") + " "
                        + folder.resolve("restored/roster.json"));
    }

    @Test
    void programs_get_a_backup_and_its_restoration_as_json() throws Exception {
        var file = folder.resolve("C0.tar");

        var made = json("backup", "--dir", site, "--member", "C0", "--out", file, "-o", "json");
        var checked = json("restore", file, "--check", "-o", "json");
        var restored = json("restore", file, "--to", restored(), "-o", "json");

        assertThat(made.get("backup").asString()).isEqualTo(file.toString());
        assertThat(made.get("member").asString()).isEqualTo("C0");
        assertThat(made.get("database").get("kind").asString()).isEqualTo("sqlite");
        assertThat(made.get("files").valueStream().map(JsonNode::asString)).contains("client.db", "application.yml");
        assertThat(made.get("hasKeys").asBoolean()).isFalse();
        assertThat(checked.has("folder")).isFalse();
        assertThat(checked.get("time")).isEqualTo(made.get("time"));
        assertThat(restored.get("folder").asString())
                .isEqualTo(restored().toAbsolutePath().toString());
        assertThat(restored.get("nextSteps").get(0).asString()).startsWith("Stop the service");
    }

    private static JsonNode json(Object... arguments) {
        return JsonMapper.shared().readTree(Run.of(arguments).succeeded().out());
    }

    @Test
    void a_backup_contains_keys_only_on_request() throws Exception {
        var file = backup("C0", "--with-keys");

        var run = Run.of("restore", file, "--to", restored()).succeeded();

        assertThat(files(restored()))
                .contains("identity.pem", "tls.key", "user.key", "user.p12", "keys/" + KEY, "keys/answers.counter")
                .doesNotContain("service.log");
        try (var all = Files.walk(restored())) {
            assertThat(all.filter(Files::isRegularFile))
                    .allSatisfy(one -> assertThat(Files.getPosixFilePermissions(one))
                            .isEqualTo(PosixFilePermissions.fromString("rw-------")));
        }
        assertThat(run.out()).contains("with private keys", "shareferry.client.revoked-keys");
    }

    @Test
    void a_backup_during_a_write_contains_committed_rows_only() throws Exception {
        var database = site.resolve("P0/party.db");
        try (var service = open(database);
                var statement = service.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO content VALUES ('not committed')");

            Run.of("restore", backup("P0"), "--to", restored()).succeeded();

            statement.execute("ROLLBACK");
        }
        assertThat(query(restored().resolve("party.db"), "SELECT group_concat(value) FROM content"))
                .isEqualTo("committed");
    }

    @Test
    void the_restored_database_of_a_relay_has_no_feed_id() throws Exception {
        Run.of("restore", backup("R0"), "--to", restored()).succeeded();

        assertThat(query(restored().resolve("relay.db"), "SELECT id FROM feed_state"))
                .isEmpty();
        assertThat(query(site.resolve("R0/relay.db"), "SELECT id FROM feed_state"))
                .isEqualTo("feed of relay");
    }

    @Test
    void tar_reads_a_backup() throws Exception {
        var file = backup("C0");

        var tar = new ProcessBuilder("tar", "--list", "--file", file.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(tar.waitFor()).as(said).isZero();
        assertThat(said.lines())
                .startsWith("manifest.json", "manifest.json.sha256")
                .contains("client.db");
    }

    @Test
    void a_changed_byte_anywhere_is_noticed_before_anything_is_written() throws Exception {
        var file = backup("C0");
        var whole = Files.readAllBytes(file);
        var random = new Random(1);
        for (int i = 0; i < 120; i++) {
            // Headers and the manifest are a small part of it, and the part with the rules.
            int position = i < 60 ? random.nextInt(4096) : random.nextInt(whole.length);
            var changed = whole.clone();
            changed[position] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, changed);

            Run.of("restore", file, "--to", restored()).failedWith("C0.tar");
        }
        for (int end : new int[] {0, 100, 512, whole.length / 2, whole.length - 512}) {
            Files.write(file, java.util.Arrays.copyOf(whole, end));

            Run.of("restore", file, "--to", restored()).failedWith("nothing was restored");
        }
        Files.write(file, java.util.Arrays.copyOf(whole, whole.length + 512));

        Run.of("restore", file, "--to", restored()).failedWith("something after its end");

        assertThat(restored().getParent()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"156, 2, a link", "156, 5, a folder", "100, 7, another mode", "112, 1, another owner"})
    void an_entry_that_is_no_plain_file_of_ours_is_refused(int position, char value, String what) throws Exception {
        var file = backup("C0");
        var bytes = Files.readAllBytes(file);
        int header = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("application.yml\0");
        assertThat(header % TarHeader.BLOCK).as(what).isZero();
        bytes[header + position] = (byte) value;
        Files.write(file, bytes);

        Run.of("restore", file, "--to", restored()).failedWith("another type, owner or mode");

        assertThat(restored()).doesNotExist();
    }

    @Test
    void nothing_that_is_there_is_overwritten() throws Exception {
        var file = backup("C0");
        Files.createDirectories(restored());
        Files.writeString(restored().resolve("identity.pem"), "kept");

        Run.of("restore", file, "--to", restored()).failedWith("is not empty and was not changed");
        Run.of("backup", "--dir", site, "--member", "C0", "--out", file).failedWith("already exists");

        assertThat(files(restored())).containsExactly("identity.pem");
    }

    @Test
    void a_backup_is_restored_into_an_empty_folder_but_not_through_a_link() throws Exception {
        var file = backup("C0");
        Files.createDirectories(restored());
        var link = Files.createSymbolicLink(folder.resolve("link"), restored());

        Run.of("restore", file, "--to", link).failedWith("is not a folder");
        Run.of("restore", file, "--to", restored()).succeeded();

        assertThat(files(restored())).contains("client.db");
        try (var beside =
                Stream.concat(Files.list(folder), Files.list(restored().getParent()))) {
            assertThat(beside.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    @Test
    void a_backup_that_others_can_read_or_own_is_refused() throws Exception {
        var file = backup("C0");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        Run.of("restore", file, "--to", restored()).failedWith("is accessible to everyone");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Assumptions.assumeTrue(Files.getOwner(file).getName().equals("root"));
        Files.setAttribute(file, "unix:uid", 12345);

        Run.of("restore", file, "--to", restored()).failedWith("belongs to user 12345");
    }

    @Test
    void checking_a_backup_writes_nothing() {
        var run = Run.of("restore", backup("C0"), "--check").succeeded();

        assertThat(run.out()).contains("Backup of C0 (client-service", "sqlite format 1.130", "all digests hold");
        assertThat(restored().getParent()).doesNotExist();
    }

    private Run backupWith(String settings) throws Exception {
        var member = Files.createDirectories(folder.resolve("member"));
        try (var all = Files.list(site.resolve("C0"))) {
            for (var file : all.filter(Files::isRegularFile).toList()) {
                Files.copy(file, member.resolve(file.getFileName()));
            }
        }
        Files.copy(site.resolve("roster.json"), folder.resolve("roster.json"));
        Files.writeString(
                member.resolve("application.yml"),
                Files.readString(member.resolve("application.yml")) + "spring:\n  datasource:\n" + settings);
        return Run.of(
                "backup", "--dir", member, "--out", folder.resolve("out.tar"), "--pg-dump", folder.resolve("pg_dump"));
    }

    @Test
    void a_database_that_cannot_be_backed_up_is_named() throws Exception {
        backupWith("    url: jdbc:sqlite:" + site.resolve("R0/relay.db"))
                .failedWith("is not the database of a client-service but that of a relay-service");
        var member = folder.resolve("member");
        Files.writeString(member.resolve("client.db"), "no database ".repeat(100));
        Files.copy(site.resolve("C0/application.yml"), folder.resolve("settings"));
        Files.move(
                folder.resolve("settings"),
                member.resolve("application.yml"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        Run.of("backup", "--dir", member, "--out", folder.resolve("out.tar")).failedWith("is damaged");
        Files.delete(member.resolve("client.db"));
        Run.of("backup", "--dir", member, "--out", folder.resolve("out.tar")).failedWith("does not exist");
        Run.of("backup", "--dir", folder, "--out", folder.resolve("out.tar")).failedWith("no application.yml");

        assertThat(folder.resolve("out.tar")).doesNotExist();
        try (var left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).noneMatch(name -> name.startsWith("."));
        }
    }

    private static final String SERVER = """
                url: jdbc:postgresql://db.example:5433/shareferry?sslmode=require
                username: ferry
                password: hunter2
            """;

    private static final String DUMP = """
            --
            -- PostgreSQL database dump
            --
            COPY public.flyway_schema_history (installed_rank, version, description, type, script, success) FROM stdin;
            1	0.1	scheduled tasks	SQL	V0_1__scheduled_tasks.sql	t
            2	1.1	client	SQL	V1_1__client.sql	t
            3	1.130	restored	SQL	V1_130__restored.sql	t
            \\.
            """;

    @Test
    void without_pg_dump_the_command_to_run_is_told_without_the_password() throws Exception {
        var run = backupWith(SERVER)
                .failedWith("pg_dump --format=plain --no-owner --no-privileges --file=FILE"
                        + " 'postgresql://ferry@db.example:5433/shareferry?sslmode=require'");

        assertThat(run.err()).contains("--dump FILE").doesNotContain("hunter2");
    }

    @Test
    void a_dump_of_postgresql_is_marked_whether_pg_dump_was_run_here_or_elsewhere() throws Exception {
        var program = Files.writeString(
                folder.resolve("pg_dump"), """
                #!/bin/sh
                for argument; do case $argument in
                    --file=*) out=${argument#--file=} ;;
                    --dbname=*"/shareferry?sslmode=require") address=right ;;
                esac; done
                [ "$PGPASSWORD" = hunter2 ] && [ "$address" = right ] && cat "%s" >"$out"
                """.formatted(Files.writeString(folder.resolve("canned.sql"), DUMP)));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));

        backupWith(SERVER).succeeded();
        Run.of(
                        "backup",
                        "--dir",
                        folder.resolve("member"),
                        "--out",
                        folder.resolve("other.tar"),
                        "--dump",
                        folder.resolve("canned.sql"))
                .succeeded();

        for (var name : List.of("out.tar", "other.tar")) {
            var to = folder.resolve("of-" + name);
            var run = Run.of("restore", folder.resolve(name), "--to", to).succeeded();
            assertThat(Files.readString(to.resolve("database.sql")))
                    .startsWith(DUMP)
                    .endsWith("UPDATE public.answering SET restored = TRUE;\n");
            assertThat(run.out()).contains("postgresql format 1.130", "psql --single-transaction");
        }
        assertThat(Files.readString(folder.resolve("canned.sql")))
                .as("the operator's")
                .isEqualTo(DUMP);
    }

    @Test
    void a_dump_of_another_form_or_service_is_refused() throws Exception {
        backupWith(SERVER).failedWith("pg_dump");
        var dump = folder.resolve("dump");
        var arguments = new Object[] {
            "backup", "--dir", folder.resolve("member"), "--out", folder.resolve("out.tar"), "--dump", dump
        };

        Files.write(dump, new byte[] {'P', 'G', 'D', 'M', 'P', 1, (byte) 0xff, (byte) 0xfe});
        Run.of(arguments).failedWith("not a plain one");
        Files.writeString(dump, DUMP.replace("client", "party"));
        Run.of(arguments).failedWith("that of a party-service");
        Files.writeString(dump, "-- PostgreSQL database dump\n");
        Run.of(arguments).failedWith("something else");
        Files.delete(dump);
        Run.of(arguments).failedWith("dump cannot be read");
    }

    @Test
    void a_database_without_the_column_that_marks_copies_is_refused() throws Exception {
        backupWith(SERVER).failedWith("pg_dump");
        var older =
                DUMP.lines().filter(line -> !line.contains("V1_130__restored")).collect(Collectors.joining("\n"));
        var dump = Files.writeString(folder.resolve("dump"), older);
        var relay = List.of(new DatabaseCopy.Migration("1.1", "V1_1__relay.sql"));

        Run.of("backup", "--dir", folder.resolve("member"), "--out", folder.resolve("out.tar"), "--dump", dump)
                .failedWith("no mark for copies");
        assertThatExceptionOfType(CommandException.class)
                .isThrownBy(() -> DatabaseCopy.schema(relay, Role.RELAY, "The dump"))
                .withMessageContaining("no mark for copies");
    }

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db/ferry, postgresql://ferry@db/ferry",
        "jdbc:postgresql://db/ferry?ApplicationName=C0&ssl=false, postgresql://ferry@db/ferry",
        "jdbc:postgresql://db/ferry?ssl, postgresql://ferry@db/ferry?sslmode=verify-full",
        "jdbc:postgresql://db/ferry?ssl=true&ApplicationName=C0, postgresql://ferry@db/ferry?sslmode=verify-full",
        "jdbc:postgresql://db/ferry?ssl=true&sslmode=verify-ca, postgresql://ferry@db/ferry?sslmode=verify-ca",
        "jdbc:postgresql://db/ferry?sslcert=a+b.crt&sslkey=a.key&channelBinding=require&sslrootcert=/ca.crt,"
                + " postgresql://ferry@db/ferry?channel_binding=require&sslcert=a%20b.crt&sslkey=a.key&sslrootcert=/ca.crt"
    })
    void pg_dump_gets_the_settings_of_tls_that_the_driver_has(String url, String address) {
        var copy = new PostgresCopy(url, "ferry", "hunter2");

        assertThat(copy.address()).isEqualTo(address);
    }

    @Test
    void the_time_of_a_backup_is_not_later_than_that_of_its_dump() throws Exception {
        backupWith(SERVER).failedWith("pg_dump");
        var dump = Files.writeString(folder.resolve("canned.sql"), DUMP);
        Files.setLastModifiedTime(dump, FileTime.from(Instant.parse("2026-02-20T12:00:00Z")));

        assertThat(sinceOf(dump, folder.resolve("changed.tar"))).isEqualTo("2026-02-20T11:00:00Z");
        assertThat(sinceOf(dump, folder.resolve("begun.tar"), "--dumped-at", "2026-02-20T10:30:00Z"))
                .isEqualTo("2026-02-20T09:30:00Z");
        assertThat(sinceOf(dump, folder.resolve("later.tar"), "--dumped-at", "2026-02-21T10:30:00Z"))
                .isEqualTo("2026-02-20T11:00:00Z");
        Run.of(
                        "backup",
                        "--dir",
                        folder.resolve("member"),
                        "--out",
                        folder.resolve("no.tar"),
                        "--dumped-at",
                        "2026-02-20T10:30:00Z")
                .failedWith("--dumped-at");
    }

    /// @return since when the relay is to deliver again after the backup of this dump was restored
    private String sinceOf(Path dump, Path file, Object... more) {
        var arguments = new ArrayList<Object>(
                List.of("backup", "--dir", folder.resolve("member"), "--out", file, "--dump", dump));
        arguments.addAll(List.of(more));
        Run.of(arguments.toArray()).succeeded();
        var out = Run.of("restore", file, "--to", folder.resolve("of-" + file.getFileName()))
                .succeeded()
                .out();
        return out.replaceFirst("(?s).*\"since\": \"([^\"]*)\".*", "$1");
    }

    private static final String WEBHOOK = """
                url: jdbc:sqlite:client.db
            shareferry.client.webhook.url: https://app.example/hook
            shareferry.client.webhook.secret-file: webhook.secret
            shareferry.client.webhook.trust: webhook.trust
            """;

    @Test
    void the_webhooks_secret_is_treated_as_a_key_and_its_trust_is_always_in_a_backup() throws Exception {
        var member = Files.createDirectories(folder.resolve("member"));
        Files.writeString(member.resolve("webhook.secret"), "whsec_");
        Files.writeString(member.resolve("webhook.trust"), "certificates");

        var without = backupWith(WEBHOOK).succeeded();
        var with = Run.of("backup", "--dir", member, "--with-keys", "--out", folder.resolve("with.tar"))
                .succeeded();

        assertThat(without.out())
                .contains("  webhook.trust\n")
                .doesNotContain("  webhook.secret\n")
                .containsPattern("secrets are not in it.*webhook\\.secret");
        assertThat(with.out()).contains("  webhook.trust\n", "  webhook.secret\n");
    }

    @Test
    void files_whose_names_differ_only_in_case_are_refused() throws Exception {
        var member = Files.createDirectories(folder.resolve("member"));
        Files.writeString(member.resolve("application-a.yml"), "");
        Files.writeString(member.resolve("application-A.yml"), "");

        backupWith("    url: jdbc:sqlite:client.db\n").failedWith("under the same name (case does not count)");

        assertThat(folder.resolve("out.tar")).doesNotExist();
    }

    /// The second reading begins after the folder beside the restored one was made.
    @Test
    void an_archive_that_is_swapped_after_it_was_checked_is_refused() throws Exception {
        var checked = backup("C0");
        var other = backup("P0");
        var pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", pipe.toString())
                        .start()
                        .waitFor())
                .isZero();
        var parent = restored().getParent();
        var feeder = Thread.ofPlatform().daemon().start(() -> {
            feed(pipe, checked);
            while (Files.notExists(parent) && !Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
            feed(pipe, other);
        });

        Run.of("restore", pipe, "--to", restored()).failedWith("was changed while it was read; nothing was restored");

        feeder.interrupt();
        assertThat(parent).isEmptyDirectory();
    }

    private static void feed(Path pipe, Path file) {
        try (var out = Files.newOutputStream(pipe, StandardOpenOption.WRITE)) {
            Files.copy(file, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_backup_in_a_folder_that_others_can_write_is_refused() throws Exception {
        var open = Files.createDirectory(folder.resolve("open"));
        var file = Files.move(backup("C0"), open.resolve("C0.tar"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));

        Run.of("restore", file, "--to", restored()).failedWith("everyone (rwxrwxrwx) through its folder");

        assertThat(restored()).doesNotExist();
    }
}
