// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.client.fixture.ClientHost;
import org.shareferry.client.fixture.TestMembers;
import org.shareferry.service.fixture.SelfDiagnosisContract;
import org.shareferry.service.fixture.ServiceHost;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.service.fixture.TestPki;

class SelfDiagnosisOverHttpTest implements SelfDiagnosisContract {
    @TempDir
    Path folder;

    private TestMembers members;

    @BeforeEach
    void makeFiles() {
        members = new TestMembers(folder);
    }

    @Override
    public TestPki members() {
        return members;
    }

    @Override
    public ServiceHost start() {
        return ClientHost.start(members, new SettableClock());
    }
}
