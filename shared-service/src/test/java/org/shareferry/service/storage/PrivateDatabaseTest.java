// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A database holds values and check seeds in clear: it is for its owner only, whatever the umask.
class PrivateDatabaseTest {
    @TempDir
    Path folder;

    @Test
    void a_new_database_and_its_journal_are_for_their_owner_only() throws Exception {
        assertThat(permissionsInUse()).hasSize(3).containsOnly("rw-------");
    }

    @Test
    void an_older_database_that_others_could_read_is_restricted() throws Exception {
        permissionsInUse();
        Files.setPosixFilePermissions(folder.resolve("test.db"), PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(permissionsInUse()).hasSize(3).containsOnly("rw-------");
    }

    /// @return the permissions of the database, its journal and its index while it is used
    private List<String> permissionsInUse() throws Exception {
        var permissions = new ArrayList<String>();
        try (var source = new HikariDataSource()) {
            source.setJdbcUrl("jdbc:sqlite:" + folder.resolve("test.db"));
            StorageConfiguration.sqliteSettings().postProcessBeforeInitialization(source, "dataSource");
            try (var connection = source.getConnection();
                    var statement = connection.createStatement();
                    var files = Files.list(folder)) {
                statement.execute("CREATE TABLE IF NOT EXISTS held (value TEXT)");
                for (var file : files.toList()) {
                    permissions.add(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                }
            }
        }
        return permissions;
    }
}
