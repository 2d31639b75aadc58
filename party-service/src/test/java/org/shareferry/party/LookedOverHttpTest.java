// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.shareferry.service.fixture.FindsItsOwnFaults;

class LookedOverHttpTest implements FindsItsOwnFaults {
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
    public Running start() {
        host.boot();
        return host;
    }

    @Override
    public void expire() throws Exception {
        var folder = host.members().folder();
        for (var kind : List.of(".key", ".crt")) {
            Files.copy(
                    folder.resolve(TestMembers.EXPIRED + kind),
                    folder.resolve("P1" + kind),
                    StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Override
    public String certificate() {
        return "P1.crt";
    }
}
