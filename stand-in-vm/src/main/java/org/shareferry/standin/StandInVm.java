// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.shareferry.standin.MessageChannel.StoppedException;
import org.shareferry.standin.SimulatedDialog.MacCheckException;
import org.shareferry.standin.VmNetwork.GoneException;

/// The client port of one party's VM, and its program. It runs one program and accepts the first client that sends
/// its number. A client that sends no number or a duplicate one, or fails the handshake, aborts the process as in
/// MP-SPDZ (`Networking/ServerSocket.cpp`, `Processor/ExternalClients.cpp`).
public final class StandInVm implements Closeable {
    private static final int LONGEST_ID = 16;

    private final Program program;
    private final VmNetwork network;
    private final FaultInjection faults;
    private final Optional<PlayerData> tls;
    private final ServerSocket server;
    private final Thread listener;
    private final Set<String> clients = new HashSet<>();
    private final CompletableFuture<DialogEnd> ending = new CompletableFuture<>();
    private final AtomicReference<@Nullable Socket> accepted = new AtomicReference<>();
    private final Map<String, MessageChannel> sockets = new ConcurrentHashMap<>();

    /// Begins to listen on loopback.
    ///
    /// @param program of this party
    /// @param network the same object for all parties of the computation
    /// @param faults changes its behaviour
    /// @param tls the certificates; empty for an MP-SPDZ that was built without TLS for clients
    /// @param port to listen on; 0 for any free port
    public StandInVm(Program program, VmNetwork network, FaultInjection faults, Optional<PlayerData> tls, int port)
            throws IOException {
        this.program = program;
        this.network = network;
        this.faults = faults;
        this.tls = tls;
        server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        listener = Thread.ofVirtual().name("vm-P" + program.party()).start(this::listen);
    }

    /// @return the port that it listens on
    public int port() {
        return server.getLocalPort();
    }

    /// Makes the program accept its own client on another port, without TLS. MP-SPDZ finds sockets by the client's
    /// number, across all ports, so a client with the same number takes the socket over.
    ///
    /// @param id the client's number
    /// @param socket at the VM's end
    public void acceptElsewhere(String id, Socket socket) throws IOException {
        sockets.put(id, new MessageChannel(socket.getInputStream(), socket.getOutputStream(), faults));
    }

    /// @return how it ended
    /// @throws TimeoutException when it has not ended in this time
    public DialogEnd await(Duration patience) throws InterruptedException, TimeoutException {
        try {
            return ending.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The stand-in failed.", e.getCause());
        }
    }

    private void listen() {
        while (!ending.isDone()) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().name("vm-client-P" + program.party()).start(() -> welcome(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void welcome(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            var id = clientId(socket);
            if (id.isEmpty()) {
                return;
            }
            if (!isNumber(id.get())) {
                end(new DialogEnd.Killed("stoi"));
                return;
            }
            if (!isNew(id.get())) {
                end(new DialogEnd.Killed("client " + id.get() + " already connected"));
                return;
            }
            if (accepted.compareAndSet(null, socket)) {
                faults.accepting();
                serve(socket, id.get());
            }
        } catch (IOException | InterruptedException e) {
            end(new DialogEnd.Broken(0));
        } catch (RuntimeException e) {
            ending.completeExceptionally(e);
            network.leave();
        }
    }

    /// Like `stoi`, which accepts signed 32-bit numbers.
    private static boolean isNumber(String id) {
        return id.matches("[0-9]{1,10}") && Long.parseLong(id) <= Integer.MAX_VALUE;
    }

    private synchronized boolean isNew(String id) {
        return clients.add(id);
    }

    /// A client that disconnects without sending anything does not affect a VM.
    private static Optional<String> clientId(Socket socket) throws IOException {
        var in = socket.getInputStream();
        var length = in.readNBytes(Integer.BYTES);
        if (length.length < Integer.BYTES) {
            return Optional.empty();
        }
        int size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (size < 0 || size > LONGEST_ID) {
            return Optional.of("?");
        }
        var id = in.readNBytes(size);
        return id.length < size ? Optional.empty() : Optional.of(new String(id, StandardCharsets.US_ASCII));
    }

    private void serve(Socket plain, String id) throws IOException, InterruptedException {
        Socket socket;
        try {
            socket = tls.isPresent() ? secure(tls.get(), plain, id) : plain;
        } catch (SSLException e) {
            end(new DialogEnd.Killed("Server-side handshake with C" + id + " failed. " + e.getMessage()));
            return;
        }
        var channel = new MessageChannel(socket.getInputStream(), socket.getOutputStream(), faults);
        sockets.put(id, channel);
        try {
            int deliveries =
                    new SimulatedDialog(program, network, faults, () -> sockets.getOrDefault(id, channel)).run();
            ending.complete(new DialogEnd.Acknowledged(deliveries));
        } catch (MacCheckException e) {
            end(new DialogEnd.Killed("MacCheck Failure"));
        } catch (StoppedException e) {
            end(new DialogEnd.Stopped(e.number()));
        } catch (IOException | GoneException e) {
            end(new DialogEnd.Broken(channel.message()));
        } finally {
            close();
        }
    }

    private Socket secure(PlayerData certificates, Socket plain, String id) throws IOException {
        var factory = certificates.server(program.party(), id).getSocketFactory();
        var socket = (SSLSocket) factory.createSocket(plain, null, plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(new String[] {"TLSv1.2"});
        socket.setWantClientAuth(true);
        socket.startHandshake();
        return socket;
    }

    private void end(DialogEnd how) {
        ending.complete(how);
        network.leave();
        close();
    }

    /// Kills the VM if it is still running, without a TLS close, like a real one. After this the port is free.
    @Override
    public void close() {
        ending.complete(new DialogEnd.Broken(0));
        closeQuietly(server);
        awaitListener();
        var socket = accepted.get();
        if (socket != null) {
            closeQuietly(socket);
        }
    }

    /// The port is in use until the accepting thread has noticed the close.
    private void awaitListener() {
        try {
            listener.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            // A killed process does not flush.
        }
    }
}
