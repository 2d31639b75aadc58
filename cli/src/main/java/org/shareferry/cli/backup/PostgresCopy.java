// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.json.PlainText;
import org.shareferry.keys.PrivateFile;
import org.shareferry.member.Role;
import org.shareferry.site.Shell;
import org.springframework.core.env.Environment;

/// Copies a PostgreSQL database with pg_dump as a plain dump, which is as the database was at one moment (source:
/// https://www.postgresql.org/docs/current/app-pgdump.html).
///
/// @param url of JDBC
/// @param user empty for pg_dump's own default
/// @param password empty for pg_dump's own default
record PostgresCopy(String url, String user, String password) {
    private static final Pattern HISTORY =
            Pattern.compile("COPY (\\S+\\.)flyway_schema_history \\((.*)\\) FROM stdin;");
    private static final String END_OF_ROWS = "\\.";
    private static final String SETTINGS = "spring.datasource.";
    private static final List<String> FORM = List.of("--format=plain", "--no-owner", "--no-privileges");
    private static final String MODE = "sslmode";

    /// Parameters of the JDBC driver that decide about TLS, and what libpq calls them (sources:
    /// https://jdbc.postgresql.org/documentation/use/ and
    /// https://www.postgresql.org/docs/current/libpq-connect.html).
    private static final Map<String, String> TLS = Map.of(
            MODE,
            MODE,
            "sslrootcert",
            "sslrootcert",
            "sslcert",
            "sslcert",
            "sslkey",
            "sslkey",
            "channelBinding",
            "channel_binding");

    /// @param settings of the service
    static PostgresCopy of(Environment settings) {
        return new PostgresCopy(
                settings.getProperty(SETTINGS + "url", ""),
                settings.getProperty(SETTINGS + "username", ""),
                settings.getProperty(SETTINGS + "password", ""));
    }

    /// Does not show the password.
    @Override
    public String toString() {
        return "PostgresCopy[url=" + url + ", user=" + user + "]";
    }

    /// @param program pg_dump, by its name or path
    /// @param dump where to; does not exist yet
    void run(String program, Path dump) throws CommandException {
        var command = new ArrayList<String>(List.of(program, "--no-password"));
        command.addAll(FORM);
        command.add("--file=" + dump);
        command.add("--dbname=" + address());
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        if (!password.isEmpty()) {
            builder.environment().put("PGPASSWORD", password);
        }
        try {
            Files.createFile(dump, PrivateFile.OWNER_ONLY);
            var process = builder.start();
            process.getOutputStream().close();
            var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new CommandException("pg_dump failed: "
                        + PlainText.of(output.strip().lines().findFirst().orElse("it printed nothing")));
            }
        } catch (IOException e) {
            throw new CommandException(
                    program + " cannot be run here. Run " + byHand() + " where it can, and then this again with"
                            + " --dump FILE.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; run it again.", e);
        }
    }

    /// @return a connection URI of libpq, with the settings of TLS and without the password
    String address() {
        var parts = url.substring("jdbc:".length()).split("\\?", 2);
        var server = URI.create(parts[0]);
        var at = user.isEmpty() ? "" : user + "@";
        return "postgresql://" + at + server.getRawAuthority() + server.getRawPath()
                + (parts.length == 2 ? tls(parts[1]) : "");
    }

    /// Without `sslmode` the driver takes `ssl` or `ssl=true` as verify-full, and libpq takes less.
    private static String tls(String query) {
        var kept = new TreeMap<String, String>();
        boolean isSsl = false;
        for (var parameter : query.split("&")) {
            var parts = parameter.split("=", 2);
            var value = parts.length == 2 ? parts[1].replace("+", "%20") : "";
            if (TLS.containsKey(parts[0])) {
                kept.put(TLS.get(parts[0]), value);
            } else if (parts[0].equals("ssl")) {
                isSsl = value.isEmpty() || Boolean.parseBoolean(value);
            }
        }
        if (isSsl) {
            kept.putIfAbsent(MODE, "verify-full");
        }
        var list = kept.entrySet().stream().map(Object::toString).collect(Collectors.joining("&"));
        return list.isEmpty() ? "" : "?" + list;
    }

    private String byHand() {
        return "`pg_dump " + String.join(" ", FORM) + " --file=FILE " + Shell.word(address()) + "`";
    }

    /// Checks a plain dump, and appends the statements that mark it as restored.
    ///
    /// @param dump of pg_dump; changed
    /// @return the format of the database
    static String mark(Path dump, Role role) throws CommandException {
        try {
            var prefix = Optional.<String>empty();
            var applied = new ArrayList<DatabaseCopy.Migration>();
            try (var lines = Files.newBufferedReader(dump)) {
                for (var line = lines.readLine(); line != null && prefix.isEmpty(); line = lines.readLine()) {
                    var history = HISTORY.matcher(line);
                    if (history.matches()) {
                        prefix = Optional.of(history.group(1));
                        readHistory(lines, List.of(history.group(2).split(", ")), applied);
                    }
                }
            }
            var schema = DatabaseCopy.schema(applied, role, "The dump");
            Files.writeString(
                    dump, marks(role, prefix.orElse("")), StandardOpenOption.APPEND, StandardOpenOption.WRITE);
            return schema;
        } catch (CharacterCodingException e) {
            throw new CommandException("The dump is not a plain one; make it with pg_dump --format=plain.", e);
        } catch (IOException e) {
            throw new CommandException("The dump cannot be read; check the path and its owner.", e);
        }
    }

    private static void readHistory(BufferedReader lines, List<String> columns, List<DatabaseCopy.Migration> applied)
            throws IOException {
        int version = columns.indexOf("version");
        int script = columns.indexOf("script");
        for (var row = lines.readLine(); row != null && !row.equals(END_OF_ROWS); row = lines.readLine()) {
            var cells = row.split("\t", -1);
            if (cells.length == columns.size() && version >= 0 && script >= 0) {
                applied.add(new DatabaseCopy.Migration(cells[version], cells[script]));
            }
        }
    }

    private static String marks(Role role, String prefix) {
        var text = new StringBuilder("\n-- Shareferry: this copy is marked as restored.\n");
        for (var mark : DatabaseCopy.marks(role, prefix)) {
            text.append(mark).append(";\n");
        }
        return text.toString();
    }
}
