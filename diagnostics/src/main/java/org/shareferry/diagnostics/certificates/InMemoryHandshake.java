// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.certificates;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import org.shareferry.member.MemberName;
import org.shareferry.site.pem.CertifiedKey;
import org.shareferry.site.trust.NeighbourTrustManager;
import org.shareferry.site.trust.Trust;

/// An in-memory handshake between this member's service and a neighbour that has pinned its certificate. It shows
/// without a connection whether a neighbour would accept the host in the roster, including wildcards.
final class InMemoryHandshake {
    private static final int ANY_PORT = 443;

    /// The buffer size: the maximum number of bytes of one flight.
    private static final int ROOM = 1 << 18;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer plain = ByteBuffer.allocate(ROOM);

    /// The result for neighbours.
    enum Outcome {
        /// They accept the certificate at this host.
        ACCEPTED,
        /// It is not for this host.
        OTHER_HOST,
        /// The handshake fails before the host is checked, for a reason that another check reports, such as
        /// dates.
        FAILED
    }

    private InMemoryHandshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
    }

    /// @param own the service's certificate and key
    /// @param host in the roster
    static Outcome at(CertifiedKey.Usable own, MemberName member, String host, Clock clock) {
        var trust = new Trust(List.of(own.certificate()), List.of(), member, List.of());
        var verdict = new TrustDecisionRecorder();
        var context = TlsClient.context(own, new NeighbourTrustManager(() -> trust, member, clock, verdict));
        var client = context.createSSLEngine(plain(host), ANY_PORT);
        client.setUseClientMode(true);
        var parameters = client.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        client.setSSLParameters(parameters);
        var server = context.createSSLEngine();
        server.setUseClientMode(false);
        try {
            new InMemoryHandshake(client, server).run();
            return Outcome.ACCEPTED;
        } catch (SSLException e) {
            return verdict.otherHost(e).isPresent() ? Outcome.OTHER_HOST : Outcome.FAILED;
        }
    }

    /// @return an IPv6 address in the form that HTTP clients look for in a certificate; any other host unchanged
    private static String plain(String host) {
        return host.startsWith("[")
                ? InetAddress.ofLiteral(host.substring(1, host.length() - 1).replaceFirst("%.*", ""))
                        .getHostAddress()
                : host;
    }

    private void run() throws SSLException {
        client.beginHandshake();
        server.beginHandshake();
        var toServer = ByteBuffer.allocate(ROOM);
        var toClient = ByteBuffer.allocate(ROOM);
        while (isUnderWay(client) || isUnderWay(server)) {
            boolean hasClientWorked = step(client, toClient, toServer);
            boolean hasServerWorked = step(server, toServer, toClient);
            if (!hasClientWorked && !hasServerWorked) {
                throw new SSLException("The handshake is stuck.");
            }
        }
    }

    private static boolean isUnderWay(SSLEngine side) {
        return side.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /// @return whether the side made progress
    private boolean step(SSLEngine side, ByteBuffer in, ByteBuffer out) throws SSLException {
        return switch (side.getHandshakeStatus()) {
            case NEED_TASK -> {
                side.getDelegatedTask().run();
                yield true;
            }
            case NEED_WRAP -> side.wrap(ByteBuffer.allocate(0), out).bytesProduced() > 0;
            case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                in.flip();
                int consumed = side.unwrap(in, plain).bytesConsumed();
                in.compact();
                yield consumed > 0;
            }
            case FINISHED, NOT_HANDSHAKING -> false;
        };
    }
}
