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
import org.shareferry.site.settings.ConfiguredVm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Waits for the party's VM, runs the dialog with it, and then waits for the next one. It connects as soon as the
/// port opens, because `accept_client_connection` waits only a minute and then aborts the whole run.
final class VmConnector {
    private static final Logger LOG = LoggerFactory.getLogger(VmConnector.class);
    private static final Duration JOIN_MARGIN = Duration.ofSeconds(1);

    private final ConfiguredVm vm;
    private final VmDependencies dependencies;
    private final VmPort port;
    private final VmContext context;
    private final AtomicReference<@Nullable Socket> current = new AtomicReference<>();
    private volatile boolean running;

    /// Whether the last connection was closed before any byte arrived. Then the status changes only after the first
    /// byte of the next one. Used by the connector's thread only.
    private boolean lastSentNothing;

    private @Nullable Thread thread;

    VmConnector(ConfiguredVm vm, VmDependencies dependencies) {
        this.vm = vm;
        this.dependencies = dependencies;
        port = new VmPort(vm, dependencies.clock());
        context = new VmContext(vm, dependencies);
    }

    /// @return the current status
    VmStatus status() {
        return context.status();
    }

    void start() {
        warnAboutOpenPort();
        running = true;
        context.shutdown().cancel();
        thread = Thread.ofVirtual().name("vm " + vm.name()).start(this::serveWithLogContext);
    }

    /// Log messages of this thread have the VM's name as `vm`.
    private void serveWithLogContext() {
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
                var outcome = attempt();
                Thread.sleep(
                        outcome == Attempt.NOT_LISTENING
                                ? vm.properties().connectInterval()
                                : vm.properties().reconnectDelay());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                LOG.error("Unexpected error in the VM's connector; retrying.", e);
                context.setState(
                        VmStatus.WAITING, Optional.of("Unexpected error in the connector; see this service's log."));
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

    private enum Attempt {
        NOT_LISTENING,
        OVER
    }

    private Attempt attempt() {
        try {
            var tls = port.prepare();
            try (var socket = port.connect()) {
                current.set(socket);
                attempt(socket, tls);
                return Attempt.OVER;
            } finally {
                current.set(null);
            }
        } catch (VmUnusableException e) {
            unusable(e.reason());
            return Attempt.OVER;
        } catch (IOException e) {
            lastSentNothing = false;
            waiting(ConnectFailure.explain(e));
            return Attempt.NOT_LISTENING;
        }
    }

    /// @param socket connected, without any data exchanged
    private void attempt(FirstByteSocket socket, Optional<SSLSocketFactory> tls) {
        try {
            if (!lastSentNothing) {
                context.setState(VmStatus.CONNECTING, Optional.empty());
                LOG.info("Connected to {}; waiting for the VM to accept.", port.place());
                publishListening();
            }
            runDialog(port.identify(socket, tls));
            lastSentNothing = false;
        } catch (IOException e) {
            lastSentNothing = !socket.hasReceived();
            if (lastSentNothing) {
                waiting(ConnectFailure.explainSilence(e));
            } else {
                ended("failed", Optional.of(ConnectionLoss.explain(e)));
            }
        }
    }

    /// The listening addresses are visible only while the VM listens, and only on this machine.
    private void publishListening() {
        var address = port.address().getAddress();
        if (address != null && address.isLoopbackAddress()) {
            dependencies.events().publishEvent(new VmListens(port.address().getPort()));
        }
    }

    private void waiting(String why) {
        var cause = port.place() + ": " + why;
        if (context.setWaiting(cause) && running) {
            LOG.info("Waiting for the VM at {}.", cause);
        }
    }

    private void unusable(String reason) {
        if (!context.status().problem().equals(Optional.of(reason))) {
            LOG.error("Not connecting to the VM: {}", reason);
        }
        context.setState(VmStatus.UNUSABLE, Optional.of(reason));
    }

    private void runDialog(Socket socket) throws IOException {
        try (var channel = new VmChannel(socket, vm.properties().messageTimeout(), context.shutdown())) {
            channel.awaitBeginning();
            context.setState(VmStatus.CONNECTED, Optional.empty());
            LOG.info("Connected to the VM.");
            if (lastSentNothing) {
                publishListening();
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
        VmMetrics.ended(dependencies.meters(), vm.name(), outcome);
        if (running) {
            problem.ifPresent(why -> LOG.warn("The connection to the VM{} has ended: {}", run(), why));
        }
        context.setState(VmStatus.WAITING, problem);
    }

    /// Lets a delivery in progress end within the drain timeout; then the VM gets a refusal as the next message.
    /// Between deliveries the VM reads nothing, so the connection is only closed.
    void beginToStop() {
        running = false;
        context.shutdown().begin();
    }

    void awaitStop() {
        var worker = thread;
        if (worker == null) {
            return;
        }
        try {
            if (context.status().isIn(VmStatus.CONNECTED)) {
                worker.join(context.shutdown().totalTimeout().plus(JOIN_MARGIN));
            }
            var socket = current.get();
            if (socket != null) {
                socket.close();
            }
            worker.interrupt();
            worker.join(JOIN_MARGIN);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("The connection to the VM could not be closed.", e);
        }
    }
}
