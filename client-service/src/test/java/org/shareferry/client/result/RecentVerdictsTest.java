// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.result;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestDatabase;
import org.shareferry.site.settings.ClientProperties;
import org.shareferry.site.settings.SettingConverters;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

class RecentVerdictsTest {
    private final SettableClock clock = new SettableClock();
    private final MeterRegistry meters = new SimpleMeterRegistry();

    @TempDir
    private Path folder = Path.of("");

    @BeforeEach
    void migrate() {
        TestDatabase.migrated(folder.resolve("client.db"));
    }

    private JdbcClient jdbc() {
        return TestDatabase.statements(folder.resolve("client.db"));
    }

    private void begin(boolean isOn) {
        var properties = new Binder(
                        List.of(new MapConfigurationPropertySource(Map.of(
                                "c.parties", "P0,P1", "c.keys", "keys", "c.verdict-metrics", Boolean.toString(isOn)))),
                        null,
                        SettingConverters.all())
                .bind("c", ClientProperties.class)
                .get();
        assertThat(new RecentVerdicts(jdbc(), clock, properties, meters)).isNotNull();
    }

    private void checked(int run, String verdict) {
        jdbc().sql("""
                        INSERT INTO delivery (id, header, place_count, received, state, verdict, first_seen, changed, ended,
                            expires)
                        VALUES (:id, :bytes, 1, 1, 'checked', :verdict, 0, 0, :now, 0)""")
                .param("id", "%032x-0,P0,P1".formatted(run))
                .param("bytes", new byte[1])
                .param("verdict", verdict)
                .param("now", clock.millis())
                .update();
    }

    private double count(String verdict) {
        return meters.get("shareferry.results.recent")
                .tag("verdict", verdict)
                .gauge()
                .value();
    }

    @Test
    void results_of_the_last_hour_are_counted_by_their_verdict() {
        begin(true);
        checked(1, "REJECTED");
        clock.advance(Duration.ofMinutes(30));
        checked(2, "REJECTED");
        checked(3, "VERIFIED");

        assertThat(count("REJECTED")).isEqualTo(2);
        assertThat(count("VERIFIED")).isEqualTo(1);
        assertThat(count("UNVERIFIED")).isZero();
        clock.advance(Duration.ofMinutes(30));
        assertThat(count("REJECTED")).isEqualTo(1);
    }

    /// Metrics can be read by others than the client's own people.
    @Test
    void metrics_show_no_verdict_unless_configured() {
        begin(false);

        assertThat(meters.find("shareferry.results.recent").gauges()).isEmpty();
    }
}
