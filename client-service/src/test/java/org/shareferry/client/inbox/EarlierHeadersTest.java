// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Kind;
import org.shareferry.delivery.Place;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.Header;
import org.shareferry.service.fixture.TestDatabase;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A database of an earlier version, whose headers end with field 18.
class EarlierHeadersTest {
    /// What 1407-byte envelopes had: the worked example of docs/envelope-format.md as it was before field 19.
    private static final String EARLIER = "b2" + "0101" + "0250ffb9c3dfd5abb953c3a84d9329a92327" + "0300" + "0400"
            + "0500"
            + "0601" + "0701" + "088218801840" + "0900" + "0a00" + "0b07" + "0c625031" + "0d624330" + "0e8262503062"
            + "5031" + "0f667370647a326b" + "10f5" + "1182" + ("5820" + "00".repeat(32)).repeat(2)
            + "121b0000019b796dd600";

    /// The same under the name of a protocol for fields.
    private static final String CONTRADICTORY = EARLIER.replace("7370647a326b", "6d6173636f74");

    @TempDir
    private Path folder;

    private JdbcClient jdbc;

    @BeforeEach
    void migrateUpToFieldNineteen() {
        flyway().target("1.1").load().migrate();
        jdbc = JdbcClient.create(flyway().load().getConfiguration().getDataSource());
    }

    private FluentConfiguration flyway() {
        return TestDatabase.flyway(TestDatabase.source(folder.resolve("client.db")))
                .javaMigrations(
                        new EarlierHeaders(), new Version2Headers(), new ThresholdHeaders(), new HeaderLabels());
    }

    private void insert(String id, String header, String state, String verdict) {
        jdbc.sql("""
                        INSERT INTO delivery (id, header, place_count, received, state, check_seed, verdict, doubts,
                            first_seen, changed, expires)
                        VALUES (:id, :header, 1, 1, :state, :seed, :verdict, '', 0, 0, 0)""")
                .param("id", id)
                .param("header", Bytes.fromHex(header).toArray())
                .param("state", state)
                .param("seed", new byte[32])
                .param("verdict", verdict.isEmpty() ? null : verdict)
                .update();
    }

    private Header header(String id) throws Exception {
        return Header.decode(Bytes.of(jdbc.sql("SELECT header FROM delivery WHERE id = :id")
                .param("id", id)
                .query(byte[].class)
                .single()));
    }

    private String column(String name, String id) {
        return jdbc.sql("SELECT " + name + " FROM delivery WHERE id = :id")
                .param("id", id)
                .query((row, number) -> String.valueOf(row.getString(1)))
                .single();
    }

    @Test
    void a_checked_result_stays_readable_and_says_that_it_was_not_rerandomised() throws Exception {
        insert("a", EARLIER, "checked", "VERIFIED");

        flyway().load().migrate();

        assertThat(header("a").facts().rerandomised()).isFalse();
        assertThat(header("a").facts().protocol()).isEqualTo("spdz2k");
        assertThat(column("state", "a")).isEqualTo("checked");
        assertThat(column("verdict", "a")).isEqualTo("VERIFIED");
        assertThat(column("label", "a"))
                .isNotEqualTo("0")
                .isEqualTo(Long.toString(header("a").facts().label()));
    }

    /// The header that a delivery has may be that of any of its places: here of masks and of a tail far behind.
    @Test
    void headers_of_former_places_stay_readable() throws Exception {
        flyway().target("1.40").load().migrate();
        var withField19 = "b3" + EARLIER.substring(2) + "13f5";
        var committed = withField19.replace("0900" + "0a00", "0904" + "0a00");
        insert("a", committed.replace("0300" + "0400" + "0500", "031903e8" + "0401" + "0500"), "checked", "VERIFIED");
        insert("b", withField19.replace("0400" + "0500", "0402" + "0519012c"), "checked", "VERIFIED");

        flyway().load().migrate();

        assertThat(header("a").facts().id().sequence()).isEqualTo(1000);
        assertThat(header("a").facts().scheme()).isEqualTo(Scheme.COMMITTED);
        for (var id : new String[] {"a", "b"}) {
            assertThat(header(id).place()).isEqualTo(new Place(Kind.VALUES, 0));
            assertThat(header(id).facts().rerandomised()).isTrue();
        }
    }

    @Test
    void a_result_before_fields_20_to_22_has_the_threshold_of_its_protocol_and_checks_only_where_there_are_some()
            throws Exception {
        flyway().target("1.45.1").load().migrate();
        var withField19 = "b3" + "0102" + EARLIER.substring(6) + "13f5";
        insert("a", withField19, "checked", "VERIFIED");
        // semi2k in its ring of 64 bits; semi in the prime field of 2^64 - 59
        insert(
                "b",
                withField19
                        .replace("82" + "1880" + "1840", "82" + "1840" + "1840")
                        .replace("66" + "7370647a326b" + "10f5", "66" + "73656d69326b" + "10f4"),
                "checked",
                "UNVERIFIED");
        insert(
                "c",
                withField19
                        .replace("82" + "1880" + "1840", "48" + "ffffffffffffffc5")
                        .replace("66" + "7370647a326b", "64" + "73656d69"),
                "checked",
                "UNVERIFIED");
        insert("d", withField19, "checking", "");

        flyway().load().migrate();

        for (var id : new String[] {"a", "b", "c"}) {
            assertThat(header(id).facts().threshold()).isEqualTo(1);
            assertThat(header(id).facts().bits()).isZero();
            assertThat(header(id).facts().program()).isEqualTo(Bytes.empty());
            assertThat(header(id).facts().macsChecked()).isEqualTo(id.equals("a"));
            assertThat(column("state", id)).isEqualTo("checked");
        }
        assertThat(header("c").facts().protocol()).isEqualTo("semi");
        assertThat(column("state", "d")).isEqualTo("expired");
    }

    @Test
    void a_result_verified_under_a_protocol_of_another_domain_becomes_unverified() throws Exception {
        insert("a", CONTRADICTORY, "checked", "VERIFIED");
        insert("b", CONTRADICTORY, "checked", "REJECTED");

        flyway().load().migrate();

        assertThat(header("a").facts().protocol()).isEqualTo("unknown");
        assertThat(column("verdict", "a")).isEqualTo("UNVERIFIED");
        assertThat(column("doubts", "a")).isEqualTo("PROTOCOL_NOT_OF_DOMAIN");
        assertThat(column("verdict", "b")).isEqualTo("REJECTED");
    }

    @Test
    void unchecked_deliveries_expire() throws Exception {
        insert("a", EARLIER, "checking", "");
        insert("b", EARLIER, "receiving", "");

        flyway().load().migrate();

        for (var id : new String[] {"a", "b"}) {
            assertThat(column("state", id)).isEqualTo("expired");
            assertThat(column("check_seed", id)).isEqualTo("null");
        }
    }
}
