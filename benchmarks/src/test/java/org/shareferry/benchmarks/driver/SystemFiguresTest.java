// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.benchmarks.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/// What is read from the system and from services, in the forms that these print.
class SystemFiguresTest {
    @Test
    void processor_time_is_that_in_the_program_and_in_the_kernel() {
        var stat = "42 (java (x) y) S 1 42 42 0 -1 4194560 100 200 3 4 1250 350 7 8 20 0 40 0 12345 9000000 5000";

        assertThat(MeasuredProcess.processorSeconds(stat)).isEqualTo(16.0, within(1e-9));
    }

    @Test
    void an_ended_process_has_no_time() {
        assertThat(MeasuredProcess.processorSeconds("")).isZero();
    }

    @Test
    void fields_of_proc_are_found_by_name() {
        var io = "rchar: 10\nwchar: 20\nwrite_bytes: 4096\ncancelled_write_bytes: 7\n";

        assertThat(MeasuredProcess.field(io, "write_bytes")).hasValue(4096);
        assertThat(MeasuredProcess.field("VmHWM:\t  347000 kB\n", "VmHWM")).hasValue(347_000);
        assertThat(MeasuredProcess.field(io, "VmHWM")).isEmpty();
    }

    @Test
    void both_system_calls_that_sync_are_counted() {
        var output = """
                120,,syscalls:sys_enter_fsync,1000,100.00,,
                7,,syscalls:sys_enter_fdatasync,1000,100.00,,
                """;

        assertThat(FsyncCount.sum(output)).hasValue(127);
    }

    @Test
    void missing_counters_give_no_figures() {
        assertThat(FsyncCount.sum("event syntax error: unknown tracepoint")).isEmpty();
        assertThat(FsyncCount.sum("<not counted>,,syscalls:sys_enter_fsync,0,100.00,,\n"))
                .isEmpty();
    }

    @Test
    void metrics_with_a_label_are_added_up() {
        var text = """
                # TYPE jvm_memory_used_bytes gauge
                jvm_memory_used_bytes{area="heap",id="Eden Space"} 1.0E6
                jvm_memory_used_bytes{area="heap",id="Tenured Gen"} 2.0E6
                jvm_memory_used_bytes{area="nonheap",id="Metaspace"} 9.0E6
                """;

        assertThat(Metrics.sum(text, "jvm_memory_used_bytes", "area=\"heap\"")).isEqualTo(3e6);
    }
}
