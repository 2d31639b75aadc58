// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.shareferry.cli.CommandException;
import org.shareferry.member.Role;

/// What all copies of databases have in common.
final class DatabaseCopy {
    private DatabaseCopy() {}

    /// A migration that was applied, as Flyway's table has it.
    ///
    /// @param version such as `1.90`
    /// @param script such as `V1_90__inputs.sql`
    record Migration(String version, String script) {}

    /// Statements that mark a copy as restored. They are in the copy itself, so a copy cannot be used without its
    /// mark, whoever puts it in place and however.
    ///
    /// A client then answers no request for inputs that was made before its next start, and deletes the inputs that
    /// wait, because they may have been used (docs/decisions/0028). A relay gets a new feed id, so parties ask it
    /// which of their envelopes it lacks (docs/decisions/0009).
    ///
    /// @param prefix of table names, such as `public.`
    static List<String> marks(Role role, String prefix) {
        return switch (role) {
            case CLIENT -> List.of("UPDATE " + prefix + "answering SET restored = TRUE");
            case RELAY -> List.of("UPDATE " + prefix + "feed_state SET id = ''");
            case PARTY -> List.of();
        };
    }

    /// @param applied migrations in their order; none if this is no database of Shareferry
    /// @param where the database is
    /// @return its format
    /// @throws CommandException when it is not of this kind of service, or too old to be marked
    static String schema(List<Migration> applied, Role role, String where) throws CommandException {
        var kind = applied.stream()
                .map(Migration::script)
                .flatMap(script ->
                        Arrays.stream(Role.values()).filter(one -> script.endsWith("__" + one.text() + ".sql")))
                .findFirst();
        if (!kind.equals(Optional.of(role))) {
            throw new CommandException(where + " is not the database of a " + role.text() + "-service but "
                    + kind.map(other -> "that of a " + other.text() + "-service")
                            .orElse("something else")
                    + "; correct spring.datasource.url.");
        }
        var needed = marking(role);
        var schema = applied.getLast().version();
        if (needed.isPresent() && applied.stream().map(Migration::script).noneMatch(needed.get()::equals)) {
            throw new CommandException(where + " has format " + schema + ", which has no mark for copies; start the "
                    + role.text() + "-service of this version once, and make the backup then"
                    + (role == Role.CLIENT ? ", or copy the database by other means and use --restored." : "."));
        }
        return schema;
    }

    /// @return the migration without which [#marks] fail, if the role has any
    private static Optional<String> marking(Role role) {
        return switch (role) {
            case CLIENT -> Optional.of("V1_130__restored.sql");
            case RELAY -> Optional.of("V1_50__feed.sql");
            case PARTY -> Optional.empty();
        };
    }
}
