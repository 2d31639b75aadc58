// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import org.shareferry.site.canary.VmKind;
import org.shareferry.standin.CountingProgram;
import org.shareferry.standin.DialogEnd;
import org.shareferry.standin.FaultInjection;
import org.shareferry.standin.HeldPorts;
import org.shareferry.standin.InputProgram;
import org.shareferry.standin.PlayerData;
import org.shareferry.standin.Program;
import org.shareferry.standin.StandInVm;
import org.shareferry.standin.VmNetwork;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/// A site whose party-services wait for VMs, and stand-ins for these VMs: computation after computation over TLS
/// on real sockets. Registered with a class, it runs from before its first test to after its last; a shared one runs
/// on until all classes are done. One class at a time has it.
final class Computations implements BeforeAllCallback, AfterAllCallback {
    static final Domain RING = new Domain.Ring(128, 64);

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /// Millions of values take a busy machine minutes.
    private static final Duration PATIENCE_WITH_MANY = Duration.ofMinutes(8);

    private static final int TWO = 2;
    private static final int PAGE = 200;

    private static final Namespace SHARED = Namespace.create(Computations.class);

    private int parties;
    private final boolean isShared;
    private final boolean hasManyValues;
    private Domain domain = RING;
    private Optional<SharedSites> sites = Optional.empty();
    private Optional<Running> running = Optional.empty();

    /// @param parties N
    Computations(int parties) {
        this(parties, false, false);
    }

    private Computations(int parties, boolean isShared, boolean hasManyValues) {
        this.parties = parties;
        this.isShared = isShared;
        this.hasManyValues = hasManyValues;
    }

    /// @return two parties, whose services all classes use that leave them as they found them: they deliver under
    ///     fresh run ids, and neither stop a service nor change its settings or files
    static Computations shared() {
        return shared(TWO);
    }

    /// @param parties N
    static Computations shared(int parties) {
        return new Computations(parties, true, false);
    }

    /// @return two parties, for one class, which take millions of values
    static Computations forManyValues() {
        return new Computations(TWO, false, true);
    }

    /// What there is between the first test and the last.
    ///
    /// @param folder where all of it is
    /// @param vmPorts P0's VM is looked for at the first, P1's at the next, …
    private record Running(Path folder, Site site, HeldPorts vmPorts, PlayerData certificates)
            implements AutoCloseable {
        static Running start(int parties) {
            try {
                var temporary = Files.createTempDirectory("computations");
                var folder = Files.createDirectory(temporary.resolve("Player-Data"));
                var certificates = new PlayerData(folder);
                for (int party = 0; party < parties; party++) {
                    certificates.make("P" + party, Instant.now());
                }
                var vmPorts = HeldPorts.inARow(parties);
                var more = new ArrayList<Object>(List.of("--vm-port", vmPorts.first(), "--mpspdz", folder));
                Protocol.secureWithHonestMajority()
                        .forEach(protocol -> more.addAll(List.of("--honest-majority-protocols", protocol)));
                var site = new Site(temporary.resolve("site"), parties, Site.SPDZ2K, more.toArray());
                return new Running(temporary, site, vmPorts, certificates);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() throws IOException {
            site.close();
            vmPorts.close();
            try (var all = Files.walk(folder)) {
                for (var file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /// Sites that no class has at the moment, by their number of parties.
    private static final class SharedSites implements AutoCloseable {
        private final Map<Integer, Deque<Running>> idle = new TreeMap<>();

        Running take(int parties) {
            return idle(parties).orElseGet(() -> Running.start(parties));
        }

        private synchronized Optional<Running> idle(int parties) {
            return Optional.ofNullable(
                    idle.getOrDefault(parties, new ArrayDeque<>()).poll());
        }

        synchronized void giveBack(int parties, Running site) {
            idle.computeIfAbsent(parties, ignored -> new ArrayDeque<>()).add(site);
        }

        @Override
        public synchronized void close() throws IOException {
            for (var sites : idle.values()) {
                for (var site : sites) {
                    site.close();
                }
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isShared) {
            sites = Optional.of(context.getRoot()
                    .getStore(SHARED)
                    .getOrComputeIfAbsent(SharedSites.class, ignored -> new SharedSites(), SharedSites.class));
            use(Site.SPDZ2K, parties, RING);
        } else {
            running = Optional.of(Running.start(parties));
            if (hasManyValues) {
                site().useAllCompilers();
            }
            site().startAll();
        }
    }

    /// Goes on with the shared services whose parties are configured for the protocol of a captured run.
    void use(String capture) {
        var first = CapturedRuns.programs(capture).getFirst();
        var protocol = CapturedRuns.protocol(capture);
        use(protocol.text(), first.parties(), first.domain());
        recordCanary(protocol, CapturedRuns.threshold(capture));
    }

    /// Stand-ins are no programs with which a canary could be run.
    private void recordCanary(Protocol protocol, int threshold) {
        if (!protocol.isSecureWithHonestMajority()) {
            return;
        }
        var kind = new VmKind(
                domain, parties, threshold, protocol.elementsInShare().orElseThrow());
        var pass = new CanaryPass(
                protocol.text(), kind, Path.of("stand-in"), Sha256.of(Bytes.empty()), List.of(), Instant.EPOCH);
        try {
            for (int party = 0; party < parties; party++) {
                new CanaryFolder(site().home("P" + party).resolve("canary")).write(pass);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Goes on with shared services whose parties are configured for a protocol.
    void use(Protocol protocol, int count, Domain shares) {
        use(protocol.text(), count, shares);
        protocol.threshold(count).ifPresent(threshold -> recordCanary(protocol, threshold));
    }

    private void use(String protocol, int count, Domain shares) {
        domain = shares;
        if (running.isEmpty() || parties != count) {
            giveBack();
            parties = count;
            running = sites.map(all -> all.take(count));
        }
        site().startAll(protocol);
    }

    /// Also when not all services could be started.
    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (!isShared && running.isPresent()) {
            running().close();
        }
        giveBack();
    }

    private void giveBack() {
        sites.ifPresent(all -> running.ifPresent(site -> all.giveBack(parties, site)));
        running = Optional.empty();
    }

    private Running running() {
        return running.orElseThrow();
    }

    Site site() {
        return running().site();
    }

    /// @return what C0's people can do for the parties of these computations
    ClientInputs inputs() {
        return new ClientInputs(site(), parties);
    }

    int basePort() {
        return running().vmPorts().first();
    }

    PlayerData certificates() {
        return running().certificates();
    }

    /// @return all schemes but that of requests for inputs
    static Stream<Scheme> deliveringSchemes() {
        return Arrays.stream(Scheme.values()).filter(scheme -> scheme != Scheme.INPUT);
    }

    static RunId freshRun() {
        return new RunId(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /// @return the programs of two parties, which deliver 0, 1, 2, … once
    static List<CountingProgram> counting(RunId run, Scheme scheme, Shape shape) {
        return counting(TWO, RING, run, scheme, shape);
    }

    /// @param parties N
    static List<CountingProgram> counting(int parties, Domain domain, RunId run, Scheme scheme, Shape shape) {
        return IntStream.range(0, parties)
                .mapToObj(party -> new CountingProgram(domain, run, party, parties, scheme, List.of(shape)))
                .toList();
    }

    /// @param parties N
    /// @return the programs of all parties, which ask C0 for inputs, take them and deliver them to C0
    static List<InputProgram> receiving(
            Protocol protocol, int parties, Domain domain, RunId run, List<Shape> requests, int bits) {
        return IntStream.range(0, parties)
                .mapToObj(party -> new InputProgram(protocol, domain, run, party, parties, requests, bits))
                .toList();
    }

    /// Runs a computation of two parties in which P0 is honest.
    ///
    /// @param programs P0's and P1's
    /// @param faults of P1's VM
    /// @return how the dialogs of P0 and P1 ended
    List<DialogEnd> run(List<? extends Program> programs, FaultInjection faults) {
        return run(programs, FaultInjection.NO_FAULTS, faults);
    }

    /// @param faults of the VMs, by party
    /// @return how their dialogs ended
    List<DialogEnd> run(List<? extends Program> programs, FaultInjection... faults) {
        return run(programs, (program, network) -> vm(program, network, faults[program.party()]));
    }

    /// What runs a party's program.
    interface Machine {
        StandInVm vm(Program program, VmNetwork network) throws IOException;
    }

    /// @param machine of each party
    /// @return how the dialogs ended
    List<DialogEnd> run(List<? extends Program> programs, Machine machine) {
        var network = new VmNetwork(programs.size(), PATIENCE);
        var vms = new ArrayList<StandInVm>();
        try {
            for (var program : programs) {
                vms.add(machine.vm(program, network));
            }
            var endings = new ArrayList<DialogEnd>();
            for (var vm : vms) {
                endings.add(vm.await(PATIENCE));
            }
            return endings;
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        } finally {
            vms.forEach(StandInVm::close);
        }
    }

    /// @return a party's VM, listening where its service looks for it
    StandInVm vm(Program program, VmNetwork network, FaultInjection faults) throws IOException {
        return new StandInVm(program, network, faults, Optional.of(certificates()), basePort() + program.party());
    }

    /// @return what C0 shows of the delivery now; without a state when it never heard of it
    JsonNode shown(DeliveryId id) {
        return site().get("C0", "/v1/results/" + id);
    }

    /// Waits until everything that was handed over so far is where it goes: what is handed over after it is
    /// at C0.
    void settle() {
        var run = freshRun();
        var honest = new FaultInjection[parties];
        Arrays.fill(honest, FaultInjection.NO_FAULTS);
        run(counting(parties, domain, run, Scheme.ADDITIVE, new Shape(1, 1)), honest);
        site().awaitResult(new DeliveryId(run, 0).toString());
    }

    /// @return C0's verdict on the run's first delivery
    String verdict(RunId run) {
        return result(run).get("verdict").asString();
    }

    /// @return the values that C0 shows of the run's first delivery
    String values(RunId run) {
        return result(run).get("values").toString();
    }

    private JsonNode result(RunId run) {
        return site().awaitResult(new DeliveryId(run, 0).toString());
    }

    /// @return whether C0 has come to a verdict by now
    boolean isChecked(DeliveryId id) {
        return isChecked(shown(id));
    }

    private static boolean isChecked(JsonNode shown) {
        return shown.path("state").asString("").equals("checked");
    }

    /// @return what the client shows of each delivery now, without values
    Map<String, JsonNode> results() {
        Map<String, JsonNode> all = new TreeMap<>();
        var first = "/v1/results?order=oldest&limit=" + PAGE;
        var page = site().get("C0", first);
        put(page.get("results"), all);
        while (page.has("next")) {
            page = site().get("C0", first + "&after=" + page.get("next").asString());
            put(page.get("results"), all);
        }
        return all;
    }

    /// @return what a party's service shows of each delivery that it took
    Map<String, JsonNode> deliveries(String party) {
        Map<String, JsonNode> all = new TreeMap<>();
        var first = "/v1/deliveries?limit=" + PAGE;
        var last = put(site().get(party, first).get("deliveries"), all);
        while (last.isPresent()) {
            last = put(site().get(party, first + "&after=" + last.get()).get("deliveries"), all);
        }
        return all;
    }

    /// @return the id of the page's last delivery, if it has any
    private static Optional<String> put(JsonNode page, Map<String, JsonNode> all) {
        page.forEach(one -> all.put(one.get("id").asString(), one));
        return page.valueStream().map(one -> one.get("id").asString()).reduce((one, next) -> next);
    }

    /// @return the deliveries on which C0 has come to a verdict by now
    Set<String> checked() {
        var all = results();
        all.values().removeIf(shown -> !isChecked(shown));
        return all.keySet();
    }

    /// @return whether the party's service has taken the delivery
    boolean isAt(String party, DeliveryId id) {
        return site().get(party, "/v1/deliveries/" + id).has("state");
    }

    /// Waits until C0 has checked a delivery that is too large to be shown in whole.
    ///
    /// @return what C0 shows of it without its values
    JsonNode awaitListed(DeliveryId id) {
        return await().atMost(PATIENCE_WITH_MANY)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> results().getOrDefault(id.toString(), MissingNode.getInstance()), Computations::isChecked);
    }

    /// Waits until a party has the client's receipts for the whole delivery.
    ///
    /// @return what the party's service shows of it
    JsonNode received(String party, DeliveryId id) {
        return await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(
                        () -> site().get(party, "/v1/deliveries/" + id),
                        delivery -> delivery.path("state").asString("").equals("received"));
    }
}
