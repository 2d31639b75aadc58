// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

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
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.member.Loopback;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;

/// Checks the port on which a VM waits for clients. It reads the kernel's tables (`/proc/net/tcp`, `/proc/net/tcp6`)
/// instead of connecting, because a stray connection kills the VM.
public final class VmPortCheck {
    private static final String LISTEN = "0A";

    private VmPortCheck() {}

    /// @return one finding
    public static List<Finding> examine(MemberSite.Vm vm) {
        if (Loopback.isNamed(vm.host())) {
            return examine(vm.port());
        }
        var findings = new Findings(Area.VM_PORT);
        findings.add(
                vm.host() + ":" + vm.port(),
                Fault.VM_ON_ANOTHER_HOST,
                "The VM is not on this machine, and its client port does not authenticate clients.",
                "ssh -N -L 127.0.0.1:" + vm.port() + ":127.0.0.1:" + vm.port() + " " + Shell.word(vm.host())
                        + " # and set " + vm.setting()
                        + ".host to 127.0.0.1; or, better, run the party-service on the VM's machine");
        return findings.list();
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
            // The file does not exist without IPv6.
            if (Files.exists(proc.resolve("tcp6"))) {
                listening.addAll(listening(proc.resolve("tcp6"), port));
            }
            judge(findings, checked, port, listening);
        } catch (IOException e) {
            findings.fine(checked, "this operating system does not show listening ports");
        }
        return findings.list();
    }

    private static void judge(Findings findings, String checked, int port, List<InetAddress> listening) {
        var open = listening.stream()
                .filter(address -> !address.isLoopbackAddress())
                .map(InetAddress::getHostAddress)
                .toList();
        if (!open.isEmpty()) {
            findings.add(checked, Fault.PORT_OPEN_TO_OTHERS, cause(port, open), fix(port));
        } else if (listening.isEmpty()) {
            findings.fine(checked, "no VM listens at the moment; check again while one runs");
        } else {
            findings.fine(checked, "listens on loopback only");
        }
    }

    private static String cause(int port, List<String> open) {
        return "A program listens on port " + port + " of " + String.join(" and ", open)
                + ", not only on loopback, and MP-SPDZ does not authenticate clients: ANYONE WHO CAN REACH THIS"
                + " PORT CAN TAKE SHARES, unless a firewall blocks them, which the doctor cannot see.";
    }

    private static String fix(int port) {
        return "sudo iptables -I INPUT ! -i lo -p tcp --dport " + port + " -j REJECT && sudo ip6tables -I INPUT ! -i lo"
                + " -p tcp --dport " + port + " -j REJECT";
    }

    private static List<InetAddress> listening(Path table, int port) throws IOException {
        return Files.readAllLines(table, StandardCharsets.ISO_8859_1).stream()
                .skip(1)
                .flatMap(line -> listener(line, port).stream())
                .toList();
    }

    /// Ignores a line that cannot be parsed.
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

    /// The kernel prints addresses as 32-bit words in the machine's byte order.
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
