// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.shareferry.service.fixture.SelfDiagnosisContract;
import org.shareferry.service.fixture.ServiceHost;
import org.shareferry.service.fixture.TestPki;

class SelfDiagnosisOverHttpTest implements SelfDiagnosisContract {
    private PartyHost host;

    @BeforeEach
    void makeFiles() throws Exception {
        host = PartyHost.prepare();
    }

    @AfterEach
    void stop() {
        host.close();
    }

    @Override
    public TestPki members() {
        return host.members();
    }

    @Override
    public ServiceHost start() {
        host.boot();
        return host;
    }
}
