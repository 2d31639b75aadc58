// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.shareferry.member.MemberName;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the party's VM listens and how to speak to it. Without a port the connector does nothing.
///
/// @param port the port that the program gives to `connect`, if there is a VM
/// @param onePort whether the VM listens on that port itself; else on port + party number, as MP-SPDZ does
/// @param host where the VM runs; anyone who reaches its port can pick up shares, so keep it on this machine
/// @param party our number in the computation, which is the member's own; says so where one looks for it
/// @param client a fixed number of the client that we are to the VM, with the certificate of that number. When not set,
///     each connection has a fresh random number and no certificate, which MP-SPDZ does not ask for
/// @param certificates MP-SPDZ's `Player-Data`: `P<party>.pem` in it, and where `client` is set `C<client>.pem` and
///     `C<client>.key`
/// @param tls false for an MP-SPDZ that was built without TLS for clients
/// @param patience how long the next message within a delivery may take, or the accepting of our connection;
///     between deliveries there is no limit
/// @param inputTimeout how long a client may take to answer when the VM waits for its inputs, and how long the other
///     parties may then take until they hold the answer, too
/// @param keyPatience how long to wait for a key of the recipient before a delivery is refused
/// @param retry between attempts to connect while the port refuses
/// @param pause between the end of one connection and the next attempt: a VM that is going away must not be
///     disturbed
/// @param lastWords how long a delivery may go on when this service stops, before the VM is told to stop; at
///     most 15 s, because the service stops after 20 s in any case
/// @param protocol what this VM runs, by the name that MP-SPDZ gives it; that of `shareferry.party.protocol` when not
///     set
/// @param program the digest of this VM's program; that of `shareferry.party.program` when not set
/// @param parties of this VM's computation; those of `shareferry.party.parties` when empty
@Validated
@ConfigurationProperties("shareferry.party.vm")
public record VmProperties(
        @Nullable @Min(1) @Max(65535) Integer port,
        @DefaultValue("false") boolean onePort,
        @DefaultValue("127.0.0.1") @NotBlank String host,
        @Nullable @Min(0) @Max(255) Integer party,
        @Nullable @Min(0) @Max(9999) Integer client,
        @Nullable Path certificates,
        @DefaultValue("true") boolean tls,
        @DefaultValue("10m") Duration patience,
        @DefaultValue("1h") Duration inputTimeout,
        @DefaultValue("30s") Duration keyPatience,
        @DefaultValue("200ms") Duration retry,
        @DefaultValue("1s") Duration pause,
        @DefaultValue("12s") Duration lastWords,
        @Nullable String protocol,

        @Nullable @Pattern(regexp = "[0-9a-f]{64}", message = "must be 32 bytes in lower-case hex")
        String program,

        @DefaultValue
        List<@Pattern(regexp = "P(0|[1-9][0-9]{0,3})", message = "must be parties such as P0") String> parties) {
    private static final Set<String> LOOPBACK = Set.of("::1", "localhost");

    public VmProperties {
        parties = List.copyOf(parties);
    }

    /// @return the protocol, if it is set for this VM
    Optional<String> ownProtocol() {
        return Optional.ofNullable(protocol);
    }

    /// @return the program's digest, if it is set for this VM
    Optional<String> ownProgram() {
        return Optional.ofNullable(program);
    }

    /// @return the parties that are set for this VM, ascending
    List<MemberName> partyNames() {
        return parties.stream().map(MemberName::parse).sorted().toList();
    }

    @AssertTrue(message = "must be set to the folder with MP-SPDZ's certificates, or tls to false")
    boolean isCertificatesSetWhereNeeded() {
        return certificates != null || !tls || !isConfigured();
    }

    @AssertTrue(message = "must be on this machine's loopback when tls is false: shares and keys go in clear")
    boolean isHostLoopbackWithoutTls() {
        return tls || LOOPBACK.contains(host) || host.startsWith("127.") || !isConfigured();
    }

    /// @return whether there is a VM to look for
    boolean isConfigured() {
        return port != null;
    }

    /// @return our number in the computation
    int partyOr(int ownNumber) {
        return party == null ? ownNumber : party;
    }

    /// @return the number of the client that we are to the VM, if it is fixed
    Optional<Integer> fixedClient() {
        return Optional.ofNullable(client);
    }

    /// @param partyNumber our number in the computation
    /// @return the TCP port that the VM listens on
    /// @throws IllegalStateException where no VM is configured
    int tcpPort(int partyNumber) {
        if (port == null) {
            throw new IllegalStateException("shareferry.party.vm.port is not set.");
        }
        return onePort ? port : port + partyNumber;
    }

    /// @return the folder of certificates, if there is TLS
    Optional<Path> certificatesForTls() {
        return tls ? Optional.ofNullable(certificates) : Optional.empty();
    }
}
