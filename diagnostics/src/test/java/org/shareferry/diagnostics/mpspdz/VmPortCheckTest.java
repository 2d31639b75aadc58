// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.mpspdz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;

/// Tables as the kernel of a little-endian machine prints them. Port 14000 is 36B0.
class VmPortCheckTest {
    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";

    @TempDir
    Path proc;

    @BeforeEach
    void requireLittleEndian() {
        Assumptions.assumeTrue(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN);
    }

    private void tables(String tcp, String tcp6) throws Exception {
        Files.writeString(proc.resolve("tcp"), HEAD + tcp);
        Files.writeString(proc.resolve("tcp6"), HEAD + tcp6);
    }

    private static String line(String address, String state) {
        return "   0: " + address + " 00000000:0000 " + state
                + " 00000000:00000000 00:00000000 00000000  1000        0 41 1 0000000000000000 100 0 0 10 0\n";
    }

    private Finding look() {
        var findings = VmPortCheck.examine(14_000, proc);
        assertThat(findings).hasSize(1);
        return findings.getFirst();
    }

    @Test
    void port_open_to_others() throws Exception {
        tables(line("00000000:36B0", "0A"), "");

        var found = look();

        assertThat(found.fault()).contains(Fault.PORT_OPEN_TO_OTHERS);
        assertThat(found.cause()).contains("port 14000 of 0.0.0.0", "ANYONE WHO CAN REACH THIS PORT CAN TAKE SHARES");
        assertThat(found.fix().orElseThrow()).contains("iptables -I INPUT ! -i lo -p tcp --dport 14000 -j REJECT");
    }

    @Test
    void port_open_to_others_at_one_address_or_by_ipv6() throws Exception {
        tables(line("0A01A8C0:36B0", "0A"), line("00000000000000000000000000000000:36B0", "0A"));

        assertThat(look().cause()).contains("192.168.1.10 and 0:0:0:0:0:0:0:0");
    }

    @Test
    void a_port_on_loopback_only_is_no_finding() throws Exception {
        tables(
                line("0100007F:36B0", "0A") + line("00000000:36B1", "0A") + line("00000000:36B0", "01"),
                line("00000000000000000000000001000000:36B0", "0A")
                        + line("0000000000000000FFFF00000100007F:36B0", "0A"));

        assertThat(look().severity()).isEqualTo(Severity.OK);
        assertThat(look().cause()).contains("loopback only");
    }

    @Test
    void a_vm_that_does_not_listen_is_no_fault() throws Exception {
        tables("", "");

        assertThat(look().cause()).contains("no VM listens");
    }

    @Test
    void a_system_without_a_table_of_ports_is_no_fault() {
        assertThat(look().cause()).contains("does not show listening ports");
    }

    @Test
    void a_damaged_line_hides_no_other() throws Exception {
        var damaged = "x\n1: 2\n\n" + line("zz:36B0", "0A") + line("00:36B0", "0A") + line("00000000:", "0A")
                + line("00000000:xx", "0A") + "\u00ff\n";
        tables(damaged, "");
        assertThat(look().severity()).isEqualTo(Severity.OK);

        tables(damaged + line("00000000:36B0", "0A"), damaged);
        assertThat(look().fault()).contains(Fault.PORT_OPEN_TO_OTHERS);

        tables(damaged, damaged + line("00000000000000000000000000000000:36B0", "0A"));
        assertThat(look().fault()).contains(Fault.PORT_OPEN_TO_OTHERS);
    }

    @Test
    void an_unreadable_table_is_not_taken_for_an_empty_one() throws Exception {
        tables("", "");
        Files.delete(proc.resolve("tcp6"));
        Files.createDirectory(proc.resolve("tcp6"));

        assertThat(look().cause()).contains("does not show listening ports");
    }

    @Test
    void without_ipv6_there_is_one_table() throws Exception {
        Files.writeString(proc.resolve("tcp"), HEAD + line("0100007F:36B0", "0A"));

        assertThat(look().cause()).contains("loopback only");
    }
}
