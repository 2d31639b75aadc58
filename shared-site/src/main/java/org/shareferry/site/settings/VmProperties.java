// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.settings;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.Loopback;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/// Where the party's VM listens, and how to connect to it. Without a port the connector does nothing.
///
/// @param port The port that the program gives to `connect`. Not set means that there is no VM.
/// @param onePort `true` if the VM listens on that port itself, `false` if it listens on the port plus the party's
///     number, as MP-SPDZ does by default.
/// @param host The host on which the VM runs. Anyone who reaches its port can take shares, so keep it on this
///     machine.
/// @param party The party's number in the computation. It must be the number in the member's name, which is the
///     default.
/// @param client A fixed client number under which the service connects to the VM, with the certificate of that
///     number. If not set, each connection uses a random number and no certificate.
/// @param certificates MP-SPDZ's folder `Player-Data`, with `P<party>.pem` and, if `shareferry.party.vm.client` is
///     set, `C<client>.pem` and `C<client>.key`. Required with TLS if there is a VM.
/// @param tls `false` for an MP-SPDZ that was built without TLS for clients. The host must then be a loopback
///     address.
/// @param messageTimeout The longest wait for the VM's next message within a delivery, and for the VM to accept a
///     connection. Between deliveries there is no limit.
/// @param inputTimeout The longest wait for a client's answer when the VM asks for inputs, and then for the other
///     parties to have that answer.
/// @param keyTimeout The longest wait for a key of the recipient. Then the delivery is refused.
/// @param connectInterval The wait between two attempts to connect while the VM does not listen.
/// @param reconnectDelay The wait between the end of a connection and the next attempt, so that a VM that shuts
///     down is not disturbed.
/// @param drainTimeout How long a delivery may continue after the service was told to stop. At most 15 s are useful,
///     because the service stops after 20 s.
/// @param protocol The protocol that this VM runs. If not set, that of `shareferry.party.protocol`.
/// @param program The digest of the program that this VM runs. If not set, that of `shareferry.party.program`.
/// @param parties The parties of this VM's computation. If empty, those of `shareferry.party.parties`.
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
        @DefaultValue("10m") Duration messageTimeout,
        @DefaultValue("1h") Duration inputTimeout,
        @DefaultValue("30s") Duration keyTimeout,
        @DefaultValue("200ms") Duration connectInterval,
        @DefaultValue("1s") Duration reconnectDelay,
        @DefaultValue("12s") Duration drainTimeout,
        @Nullable Protocol protocol,

        @Nullable @Pattern(regexp = "[0-9a-f]{64}", message = "must be 32 bytes in lower-case hex")
        String program,

        @DefaultValue List<MemberName> parties) {
    public VmProperties {
        parties = parties.stream().sorted().toList();
    }

    /// @return the protocol, if it is set for this VM
    public Optional<Protocol> ownProtocol() {
        return Optional.ofNullable(protocol);
    }

    /// @return the program's digest, if it is set for this VM
    public Optional<String> ownProgram() {
        return Optional.ofNullable(program);
    }

    @AssertTrue(message = "parties must be parties such as P0")
    boolean isPartiesOnly() {
        return parties.stream().allMatch(name -> name.role() == Role.PARTY);
    }

    @AssertTrue(message = "certificates must be set to the folder with MP-SPDZ's certificates, or tls to false")
    boolean isCertificatesSetWhereNeeded() {
        return certificates != null || !tls || !isConfigured();
    }

    @AssertTrue(
            message = "host must be on this machine's loopback when tls is false, because shares and keys are then"
                    + " sent unencrypted")
    boolean isHostLoopbackWithoutTls() {
        return tls || isOnLoopback() || !isConfigured();
    }

    /// @return whether the host's name is one of the loopback
    public boolean isOnLoopback() {
        return Loopback.isNamed(host);
    }

    /// @return whether a VM is configured
    public boolean isConfigured() {
        return port != null;
    }

    /// @return the own party number
    public int partyOr(int ownNumber) {
        return party == null ? ownNumber : party;
    }

    /// @return the fixed client number, if there is one
    public Optional<Integer> fixedClient() {
        return Optional.ofNullable(client);
    }

    /// @param partyNumber the own party number
    /// @return the TCP port that the VM listens on
    /// @throws IllegalStateException where no VM is configured
    public int tcpPort(int partyNumber) {
        if (port == null) {
            throw new IllegalStateException("shareferry.party.vm.port is not set.");
        }
        return onePort ? port : port + partyNumber;
    }

    /// @return the folder of certificates, if there is TLS
    public Optional<Path> certificatesForTls() {
        return tls ? Optional.ofNullable(certificates) : Optional.empty();
    }
}
