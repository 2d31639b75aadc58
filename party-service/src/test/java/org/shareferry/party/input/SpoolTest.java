// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.party.outbox.Stores;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Spooled masked inputs in a real database.
class SpoolTest {
    private static final int PIECE = 300_000;

    @TempDir
    private Path folder = Path.of("");

    private final byte[] masked = new byte[2_500_000];

    @BeforeEach
    void start() {
        new Random(1).nextBytes(masked);
        stores("a").migrate("latest");
    }

    private Stores stores(String instance) {
        return new Stores(folder, instance, SettableClock.ticking());
    }

    private SpoolStore store(String instance) {
        return new SpoolStore(jdbc(), stores(instance).properties);
    }

    private JdbcClient jdbc() {
        return JdbcClient.create(TestDatabase.source(folder.resolve("party.db")));
    }

    private long parts() {
        return jdbc().sql("SELECT COUNT(*) FROM input_part").query(Long.class).single();
    }

    private Spool fill(String instance) throws IOException {
        var spool = new Spool(store(instance), masked.length);
        for (int from = 0; from < masked.length; from += PIECE) {
            spool.add(ByteBuffer.wrap(masked, from, Math.min(PIECE, masked.length - from)));
        }
        return spool;
    }

    @Test
    void a_spool_can_be_read_repeatedly_until_it_is_closed() throws Exception {
        try (var spool = fill("a")) {
            assertThat(spool.isComplete(Sha256.of(Bytes.of(masked)))).isTrue();
            assertThat(parts()).isEqualTo(2);

            for (int time = 1; time <= 2; time++) {
                try (var in = spool.open()) {
                    assertThat(in.readAllBytes()).as("time " + time).isEqualTo(masked);
                }
            }
        }

        assertThat(parts()).isZero();
    }

    @Test
    void bytes_that_were_not_signed_are_rejected() throws Exception {
        try (var spool = fill("a")) {
            assertThat(spool.isComplete(Sha256.of(Bytes.ascii("other")))).isFalse();

            assertThatThrownBy(() -> spool.add(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void a_starting_instance_deletes_only_its_own_leftovers() throws Exception {
        try (var left = fill("a");
                var used = fill("b")) {
            store("a").dropLeftovers();

            assertThat(parts()).isEqualTo(2);
            try (var in = used.open()) {
                assertThat(in.readAllBytes()).isEqualTo(masked);
            }
        }
    }
}
