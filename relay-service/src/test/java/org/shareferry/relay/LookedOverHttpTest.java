// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.Certificate;
import org.shareferry.service.fixture.FindsItsOwnFaults;
import org.shareferry.service.fixture.SettableClock;

class LookedOverHttpTest implements FindsItsOwnFaults {
    @TempDir
    Path folder;

    private World world;

    @BeforeEach
    void makeFiles() throws Exception {
        world = new World(folder);
    }

    @Override
    public Running start() throws Exception {
        return RunningRelay.start(world, new SettableClock());
    }

    @Override
    public void expire() throws Exception {
        var start = SettableClock.START;
        Certificate.of("R0", start.minus(Duration.ofDays(20)), start.minusSeconds(1))
                .write(folder, "tls");
    }

    @Override
    public String certificate() {
        return "tls.crt";
    }
}
