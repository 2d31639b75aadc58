// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// The port on which a VM waits for clients. It is never connected to: a stray connection kills the VM. What
/// the kernel says of it is enough (`/proc/net/tcp`, `/proc/net/tcp6`).
public final class VmPortCheck {
    private static final String LISTEN = "0A";

    private VmPortCheck() {}

    /// @return one finding
    static List<Finding> examine(MemberSite.Vm vm) {
        if (isLoopback(vm.host())) {
            return examine(vm.port());
        }
        var findings = new Findings(Area.VM_PORT);
        findings.add(
                vm.host() + ":" + vm.port(),
                Fault.VM_ON_ANOTHER_HOST,
                "The VM is not on this machine: shares travel over a port that asks nobody for a certificate.",
                "ssh -N -L 127.0.0.1:" + vm.port() + ":127.0.0.1:" + vm.port() + " " + Shell.word(vm.host())
                        + " # and set " + vm.setting()
                        + ".host to 127.0.0.1; better run the party-service beside its VM");
        return findings.list();
    }

    private static boolean isLoopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// @param port the TCP port itself
    /// @return one finding
    public static List<Finding> examine(int port) {
        return examine(port, Path.of("/proc/net"));
    }

    /// @param proc the folder with `tcp` and `tcp6`
    static List<Finding> examine(int port, Path proc) {
        var findings = new Findings(Area.VM_PORT);
        var checked = "port " + port;
        try {
            var listening = new ArrayList<>(listening(proc.resolve("tcp"), port));
            // Where IPv6 is off there is none.
            if (Files.exists(proc.resolve("tcp6"))) {
                listening.addAll(listening(proc.resolve("tcp6"), port));
            }
            judge(findings, checked, port, listening);
        } catch (IOException e) {
            findings.fine(checked, "this operating system does not tell who listens");
        }
        return findings.list();
    }

    private static void judge(Findings findings, String checked, int port, List<InetAddress> listening) {
        var open = listening.stream()
                .filter(address -> !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .toList();
        if (!open.isEmpty()) {
            findings.add(checked, Fault.PORT_OPEN_TO_OTHERS, cause(port, open), mend(port));
        } else if (listening.isEmpty()) {
            findings.fine(checked, "no VM listens at the moment; look again while one runs");
        } else {
            findings.fine(checked, "listens on loopback only");
        }
    }

    private static String cause(int port, List<String> open) {
        return "A program listens on port " + port + " of " + String.join(" and ", open)
                + ", not of loopback alone, and MP-SPDZ asks for no client certificate: WHOEVER REACHES THIS PORT CAN PICK"
                + " UP SHARES, unless a firewall keeps them out, which cannot be seen from here.";
    }

    private static String mend(int port) {
        return "sudo iptables -I INPUT ! -i lo -p tcp --dport " + port + " -j REJECT && sudo ip6tables -I INPUT ! -i lo"
                + " -p tcp --dport " + port + " -j REJECT";
    }

    private static List<InetAddress> listening(Path table, int port) throws IOException {
        return Files.readAllLines(table, StandardCharsets.ISO_8859_1).stream()
                .skip(1)
                .flatMap(line -> listener(line, port).stream())
                .toList();
    }

    /// A line that is not understood says nothing about the others.
    private static Optional<InetAddress> listener(String line, int port) {
        var fields = line.strip().split("\\s+");
        if (fields.length <= 3 || !fields[3].equals(LISTEN)) {
            return Optional.empty();
        }
        var local = fields[1].split(":");
        try {
            return local.length == 2 && Integer.parseInt(local[1], 16) == port
                    ? Optional.of(address(local[0]))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /// The kernel prints an address as words of 32 bits, each in the machine's own byte order.
    private static InetAddress address(String hex) {
        var kernel = ByteBuffer.wrap(HexFormat.of().parseHex(hex)).order(ByteOrder.BIG_ENDIAN);
        if (kernel.capacity() % Integer.BYTES != 0) {
            throw new IllegalArgumentException("Not whole words.");
        }
        var address = ByteBuffer.allocate(kernel.capacity()).order(ByteOrder.nativeOrder());
        while (kernel.hasRemaining()) {
            address.putInt(kernel.getInt());
        }
        try {
            return InetAddress.getByAddress(address.array());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("Neither IPv4 nor IPv6.", e);
        }
    }
}
