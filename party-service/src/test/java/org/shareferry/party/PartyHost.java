// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.shareferry.crypto.Bytes;
import org.shareferry.service.fixture.Caller;
import org.shareferry.service.fixture.Caller.Reply;
import org.shareferry.service.fixture.ServiceHost;
import org.shareferry.service.fixture.SettableClock;
import org.shareferry.standin.HeldPorts;
import org.springframework.util.FileSystemUtils;

/// P1's service with a simulated relay, a settable clock and its own files.
public final class PartyHost extends ServiceHost {
    private final TestMembers members;
    private final RelayStub relay;
    private final HeldPorts portOfRelay;

    private PartyHost(TestMembers members, RelayStub relay, HeldPorts portOfRelay, List<String> settings) {
        super(PartyService.class, members, SettableClock.ticking(), settings);
        this.members = members;
        this.relay = relay;
        this.portOfRelay = portOfRelay;
    }

    /// @param settings further properties, `name=value`
    public static PartyHost start(String... settings) throws Exception {
        var host = prepare(settings);
        host.boot();
        return host;
    }

    /// Prepares everything except the service itself.
    static PartyHost prepare(String... settings) throws Exception {
        var port = HeldPorts.inARow(1);
        var members = new TestMembers(Files.createTempDirectory("party-service-test"), port.first());
        var relay = new RelayStub(members, port.first());
        relay.start();
        var all = new ArrayList<>(List.of(
                "logging.structured.format.console=",
                "shareferry.users=" + TestMembers.USER,
                "shareferry.party.protocol=spdz2k",
                "shareferry.party.min-backoff=20ms",
                "shareferry.party.max-backoff=200ms"));
        all.addAll(List.of(settings));
        return new PartyHost(members, relay, port, all);
    }

    /// Resets the state between tests with the same service: the relay accepts everything, and all
    /// deliveries of earlier tests have expired.
    public void endWhatWas() throws Exception {
        clock().advance(Duration.ofDays(8));
        relay.behave(members.announcement(TestMembers.C0, clock().instant(), Duration.ofDays(60)));
        if (!isRunning()) {
            boot();
        }
        Awaitility.await().pollDelay(Duration.ZERO).until(() -> {
            clock().advance(Duration.ofMinutes(16));
            return !get("/v1/deliveries?limit=200").text().contains("\"held\"");
        });
    }

    @Override
    public void close() {
        super.close();
        relay.close();
        try {
            portOfRelay.close();
            FileSystemUtils.deleteRecursively(members.folder());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public TestMembers members() {
        return members;
    }

    public RelayStub relay() {
        return relay;
    }

    private Caller user() {
        return as(TestMembers.USER);
    }

    /// Hands over a delivery.
    public Reply postJson(String body) {
        return user().postJson("/v1/deliveries", body);
    }

    public Reply post(String certificate, String type, byte[] body) {
        return as(certificate).post("/v1/deliveries", type, Bytes.of(body));
    }

    /// Offers held deliveries again.
    ///
    /// @param order as JSON
    public Reply redeliver(String order) {
        return user().postJson("/v1/redeliveries", order);
    }

    public Reply get(String path) {
        return user().get(path);
    }
}
