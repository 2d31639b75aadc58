// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.Conduct;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.Ending;
import org.shareferry.standin.Meeting;
import org.shareferry.standin.PlayerData;
import org.shareferry.standin.Program;
import org.shareferry.standin.StandInVm;
import tools.jackson.databind.JsonNode;

/// A site of two parties whose services wait for VMs, and stand-ins for these VMs: computation after
/// computation over TLS on real sockets.
final class Computations implements AutoCloseable {
    static final Domain RING = new Domain.Ring(128, 64);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int PARTIES = 2;

    private final Site site;
    private final int basePort;
    private final PlayerData certificates;

    /// @param temporary an empty folder
    Computations(Path temporary) throws IOException {
        var folder = Files.createDirectory(temporary.resolve("Player-Data"));
        certificates = new PlayerData(folder);
        for (int party = 0; party < PARTIES; party++) {
            certificates.make("P" + party, Instant.now());
            certificates.make("C" + party, Instant.now());
        }
        basePort = freePorts();
        site = new Site(temporary.resolve("site"), PARTIES, "--vm-port", basePort, "--mpspdz", folder);
        site.startAll();
    }

    /// Two ports in a row, below those that operating systems give to outgoing connections.
    private static int freePorts() {
        while (true) {
            int port = RANDOM.nextInt(20_000, 32_000);
            try (var first = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                    var second = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
                return first.getLocalPort();
            } catch (IOException e) {
                // Someone else has one of them.
            }
        }
    }

    Site site() {
        return site;
    }

    int basePort() {
        return basePort;
    }

    PlayerData certificates() {
        return certificates;
    }

    static RunId freshRun() {
        return new RunId(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /// @return both parties' programs, which deliver 0, 1, 2, … once
    static List<CountingProgram> counting(RunId run, Scheme scheme, Shape shape) {
        return IntStream.range(0, PARTIES)
                .mapToObj(party -> new CountingProgram(RING, run, party, PARTIES, scheme, List.of(shape)))
                .toList();
    }

    /// Runs a computation in which P0 is honest.
    ///
    /// @param programs P0's and P1's
    /// @param conduct of P1's VM
    /// @return how the dialogs of P0 and P1 ended
    List<Ending> run(List<? extends Program> programs, Conduct conduct) {
        return run(programs, Conduct.HONEST, conduct);
    }

    List<Ending> run(List<? extends Program> programs, Conduct first, Conduct second) {
        var meeting = new Meeting(PARTIES, PATIENCE);
        try (var vm0 = vm(programs.getFirst(), meeting, first);
                var vm1 = vm(programs.getLast(), meeting, second)) {
            var endings = new ArrayList<Ending>();
            for (var vm : List.of(vm0, vm1)) {
                endings.add(vm.await(PATIENCE));
            }
            return endings;
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// @return P1's or P0's VM, listening where its service looks for it
    StandInVm vm(Program program, Meeting meeting, Conduct conduct) throws IOException {
        return new StandInVm(program, meeting, conduct, Optional.of(certificates), basePort + program.party());
    }

    /// @return what C0 shows of the delivery now; without a state when it never heard of it
    JsonNode shown(DeliveryId id) {
        return site.get("C0", "/v1/results/" + id);
    }

    /// Waits until everything that was handed over so far is where it goes: what is handed over after it is
    /// at C0.
    void settle() {
        var run = freshRun();
        run(counting(run, Scheme.ADDITIVE, new Shape(1, 1)), Conduct.HONEST);
        site.awaitResult(new DeliveryId(run, 0).toString());
    }

    /// @return C0's verdict
    String verdict(RunId run) {
        return site.awaitResult(new DeliveryId(run, 0).toString())
                .get("verdict")
                .asString();
    }

    /// Waits until a party has the client's receipts for the whole delivery.
    ///
    /// @return what the party's service shows of it
    JsonNode received(String party, DeliveryId id) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> site.get(party, "/v1/deliveries/" + id),
                        delivery -> delivery.path("state").asString("").equals("received"));
    }

    @Override
    public void close() {
        site.close();
    }
}
