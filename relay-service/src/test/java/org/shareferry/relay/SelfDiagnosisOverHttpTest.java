// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.relay;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.relay.fixture.RunningRelay;
import org.shareferry.relay.fixture.World;
import org.shareferry.service.fixture.SelfDiagnosisContract;
import org.shareferry.service.fixture.ServiceHost;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestPki;

class SelfDiagnosisOverHttpTest implements SelfDiagnosisContract {
    @TempDir
    Path folder;

    private World world;

    @BeforeEach
    void makeFiles() {
        world = new World(folder);
    }

    @Override
    public TestPki members() {
        return world;
    }

    @Override
    public ServiceHost start() {
        return RunningRelay.start(world, new SettableClock());
    }
}
