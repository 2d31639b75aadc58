// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.shareferry.service.health.VmListens;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Waits for the party's VM, runs the dialog with it, and then waits for the next one. It connects as soon as the
/// port opens, because `accept_client_connection` waits only a minute and then aborts the whole run.
final class VmConnector {
    private static final Logger LOG = LoggerFactory.getLogger(VmConnector.class);
    private static final Duration A_MOMENT = Duration.ofSeconds(1);

    private final Vm vm;
    private final VmService service;
    private final VmPort port;
    private final VmContext context;
    private final AtomicReference<@Nullable Socket> current = new AtomicReference<>();
    private volatile boolean running;

    /// Whether the last connection was closed before any byte arrived. Then the status changes only after the first
    /// byte of the next one. Used by the connector's thread only.
    private boolean lastWasUnheard;

    private @Nullable Thread thread;

    VmConnector(Vm vm, VmService service) {
        this.vm = vm;
        this.service = service;
        port = new VmPort(vm, service.clock());
        context = new VmContext(vm, service);
    }

    /// @return the current status
    VmStatus status() {
        return context.status();
    }

    void start() {
        warnAboutOpenPort();
        running = true;
        context.stopping().cancel();
        thread = Thread.ofVirtual().name("vm " + vm.name()).start(this::serveMarked);
    }

    /// Log messages of this thread have the VM's name as `vm`.
    private void serveMarked() {
        try (var ignored = MDC.putCloseable("vm", vm.name())) {
            serve();
        }
    }

    private void warnAboutOpenPort() {
        if (!InetAddress.ofLiteral("127.0.0.1").equals(port.address().getAddress())
                && (port.address().getAddress() == null
                        || !port.address().getAddress().isLoopbackAddress())) {
            LOG.warn(
                    "The VM's address {} is not this machine's loopback. Its client port does not authenticate"
                            + " clients: anyone who can reach it can take shares. Protect it with a firewall.",
                    port.address());
        }
    }

    private void serve() {
        while (running) {
            try {
                var outcome = visit();
                Thread.sleep(
                        outcome == Visit.NOT_LISTENING
                                ? vm.properties().connectInterval()
                                : vm.properties().reconnectDelay());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("Unexpected error in the VM's connector; continuing.", e);
                context.is(
                        VmStatus.WAITING,
                        Optional.of("The connector had an unexpected error; see this service's log."));
                pause();
            }
        }
    }

    /// The next attempt may fail in the same way, so wait to avoid a tight loop.
    private void pause() {
        try {
            Thread.sleep(vm.properties().reconnectDelay());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }

    private enum Visit {
        NOT_LISTENING,
        OVER
    }

    private Visit visit() {
        try {
            var tls = port.prepare();
            try (var socket = port.connect()) {
                current.set(socket);
                visit(socket, tls);
                return Visit.OVER;
            } finally {
                current.set(null);
            }
        } catch (VmUnusableException e) {
            unusable(e.reason());
            return Visit.OVER;
        } catch (IOException e) {
            lastWasUnheard = false;
            waiting(Absence.unreachable(e));
            return Visit.NOT_LISTENING;
        }
    }

    /// @param socket connected, without any data exchanged
    private void visit(HeardSocket socket, Optional<SSLSocketFactory> tls) {
        try {
            if (!lastWasUnheard) {
                context.is(VmStatus.CONNECTING, Optional.empty());
                LOG.info("Connected to {}; waiting for the VM to accept.", port.place());
                tellThatItListens();
            }
            talk(port.identify(socket, tls));
            lastWasUnheard = false;
        } catch (IOException e) {
            lastWasUnheard = !socket.isHeard();
            if (lastWasUnheard) {
                waiting(Absence.unheard(e));
            } else {
                ended("failed", Optional.of(VmTrouble.explain(e)));
            }
        }
    }

    /// The listening addresses are visible only while the VM listens, and only on this machine.
    private void tellThatItListens() {
        var address = port.address().getAddress();
        if (address != null && address.isLoopbackAddress()) {
            service.events().publishEvent(new VmListens(port.address().getPort()));
        }
    }

    private void waiting(String why) {
        var cause = port.place() + ": " + why;
        if (context.waits(cause) && running) {
            LOG.info("Waiting for the VM at {}.", cause);
        }
    }

    private void unusable(String reason) {
        if (!context.status().problem().equals(Optional.of(reason))) {
            LOG.error("Not connecting to the VM: {}", reason);
        }
        context.is(VmStatus.UNUSABLE, Optional.of(reason));
    }

    private void talk(Socket socket) throws IOException {
        try (var channel = new VmChannel(socket, vm.properties().messageTimeout(), context.stopping())) {
            channel.awaitBeginning();
            context.is(VmStatus.CONNECTED, Optional.empty());
            LOG.info("Connected to the VM.");
            if (lastWasUnheard) {
                tellThatItListens();
            }
            var refusal = new VmDialog(channel, context).run();
            ended(
                    refusal.isEmpty() ? "completed" : "refused",
                    refusal.map(why -> "The last program" + run() + " was stopped with error " + why.number() + ": "
                            + why.sentence() + "."));
        }
    }

    private String run() {
        return context.status().run().map(run -> " in run " + run).orElse("");
    }

    private void ended(String outcome, Optional<String> problem) {
        VmMetrics.ended(service.meters(), vm.name(), outcome);
        if (running) {
            problem.ifPresent(why -> LOG.warn("The connection to the VM{} has ended: {}", run(), why));
        }
        context.is(VmStatus.WAITING, problem);
    }

    /// Lets a delivery in progress end within the drain timeout; then the VM gets a refusal as the next message.
    /// Between deliveries the VM reads nothing, so the connection is only closed.
    void beginToStop() {
        running = false;
        context.stopping().begin();
    }

    void awaitStop() {
        var worker = thread;
        if (worker == null) {
            return;
        }
        try {
            if (context.status().isIn(VmStatus.CONNECTED)) {
                worker.join(context.stopping().mostPatience().plus(A_MOMENT));
            }
            var socket = current.get();
            if (socket != null) {
                socket.close();
            }
            worker.interrupt();
            worker.join(A_MOMENT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("The connection to the VM could not be closed.", e);
        }
    }
}
