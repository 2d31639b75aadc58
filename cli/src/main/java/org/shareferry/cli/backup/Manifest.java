// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.shareferry.cli.output.JsonText;
import org.shareferry.json.StrictJson;
import org.shareferry.member.MemberName;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The first file of a backup: what it is of, and all other files in their order.
///
/// @param member whose backup it is
/// @param version of Shareferry that made it
/// @param time before which everything that was committed is in it, in whole seconds
/// @param hasKeys whether it has private keys and secrets
/// @param database its kind, format and file
/// @param without what was left out because it is a private key or a secret, as paths at the member
/// @param files all others, none under two names that differ only in case
record Manifest(
        MemberName member,
        String version,
        Instant time,
        boolean hasKeys,
        Stored database,
        List<String> without,
        List<BackedUpFile> files) {
    /// Its own name in the archive.
    static final String NAME = "manifest.json";

    /// The name of the file with its digest.
    static final String DIGEST_NAME = NAME + ".sha256";

    /// The largest manifest that is read, in bytes.
    static final int LARGEST = 1 << 20;

    private static final int FORMAT = 1;

    Manifest {
        without = List.copyOf(without);
        files = List.copyOf(files);
        var names = new HashSet<String>(List.of(NAME, DIGEST_NAME));
        for (var file : files) {
            if (!names.add(file.name().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("The backup has two files with the name " + file.name() + ".");
            }
        }
        if (files.stream().noneMatch(file -> file.name().equals(database.file()))) {
            throw new IllegalArgumentException("The backup does not have its database.");
        }
    }

    /// @return what it is of, for programs
    ObjectNode summary() {
        var root = JsonText.object()
                .put("member", member.toString())
                .put("service", service())
                .put("version", version)
                .put("time", time.toString())
                .put("hasKeys", hasKeys);
        root.putObject("database").put("kind", database.kind()).put("format", database.schema());
        var names = root.putArray("files");
        files.forEach(file -> names.add(file.name()));
        without.forEach(root.putArray("without")::add);
        return root;
    }

    /// The copy of a database.
    ///
    /// @param kind `sqlite`, a database file, or `postgresql`, a plain dump
    /// @param schema its format: the version of the last migration
    /// @param file its name in the backup
    record Stored(String kind, String schema, String file) {
        static final String SQLITE = "sqlite";
        static final String POSTGRESQL = "postgresql";

        Stored {
            if (!kind.equals(SQLITE) && !kind.equals(POSTGRESQL)) {
                throw new IllegalArgumentException("A database is of kind sqlite or postgresql.");
            }
        }
    }

    /// @return the service that it is of, such as `client-service`
    String service() {
        return member.role().text() + "-service";
    }

    String toJson() {
        var root = StrictJson.MAPPER
                .createObjectNode()
                .put("format", FORMAT)
                .put("member", member.toString())
                .put("service", service())
                .put("version", version)
                .put("time", time.toString())
                .put("privateKeys", hasKeys);
        root.putObject("database")
                .put("kind", database.kind())
                .put("schema", database.schema())
                .put("file", database.file());
        var left = root.putArray("without");
        without.forEach(left::add);
        var list = root.putArray("files");
        for (var file : files) {
            var node = list.addObject()
                    .put("name", file.name())
                    .put("size", file.size())
                    .put("sha256", file.sha256());
            file.from().ifPresent(from -> node.put("from", from));
        }
        return StrictJson.MAPPER.writeValueAsString(root) + "\n";
    }

    /// @throws IllegalArgumentException with a sentence that says what is wrong
    static Manifest parse(String json) {
        try {
            var root = StrictJson.MAPPER.readTree(json);
            if (root.path("format").asInt(0) != FORMAT) {
                throw new IllegalArgumentException(
                        "The backup has format " + root.path("format").asInt(0)
                                + ", and this version reads format " + FORMAT
                                + "; restore it with the version that made it.");
            }
            var database = root.path("database");
            return new Manifest(
                    MemberName.parse(text(root, "member")),
                    text(root, "version"),
                    Instant.parse(text(root, "time")),
                    root.path("privateKeys").asBoolean(false),
                    new Stored(text(database, "kind"), text(database, "schema"), text(database, "file")),
                    root.path("without")
                            .valueStream()
                            .map(left -> left.asString(""))
                            .toList(),
                    files(root.path("files")));
        } catch (JacksonException | java.time.DateTimeException e) {
            throw new IllegalArgumentException("The manifest is malformed.", e);
        }
    }

    private static List<BackedUpFile> files(JsonNode list) {
        var files = new ArrayList<BackedUpFile>();
        for (var node : list) {
            files.add(new BackedUpFile(
                    text(node, "name"),
                    node.path("size").asLong(-1),
                    text(node, "sha256"),
                    node.has("from") ? Optional.of(text(node, "from")) : Optional.empty()));
        }
        return files;
    }

    private static String text(JsonNode node, String name) {
        return node.path(name).asString("");
    }
}
