// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.ScriptedVm.ADDITIVE;
import static org.shareferry.party.ScriptedVm.COMMITTED;
import static org.shareferry.party.ScriptedVm.INPUT;
import static org.shareferry.party.ScriptedVm.TAKE;

import java.math.BigInteger;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.shareferry.delivery.Domain;
import org.shareferry.party.outbox.HandOverStore;
import org.shareferry.service.fixture.CapturedLog;
import org.shareferry.service.fixture.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Refusals sent to the VM: an error number instead of the message that the VM reads next. The VM and the service's
/// log both print the run id with it.
class VmRefusalsTest {
    private static final long MAGIC = 0x52524546;
    private static final long VERSION = 2;
    private static final AtomicLong RUNS = new AtomicLong(100);

    private static VmHost vmHost;

    private final long run = RUNS.incrementAndGet();
    private final CapturedOutput log = CapturedOutput.begin();

    @BeforeAll
    static void start() throws Exception {
        vmHost = VmHost.start("shareferry.party.chunk-limit=2KB");
    }

    @AfterAll
    static void stop() {
        vmHost.close();
    }

    @AfterEach
    void endCapture() {
        log.close();
    }

    /// The VM's messages up to the refusal.
    private interface Saying {
        void to(ScriptedVm vm, long run) throws Exception;
    }

    private static Arguments refused(String what, int number, int words, Saying saying) {
        return Arguments.argumentSet(what, number, words, saying);
    }

    /// The VM reads 2N + 2 words before it has its keys, 2 words before it writes a head, and then as many
    /// as its scheme requires.
    static Stream<Arguments> refusals() {
        return Stream.of(
                refused("a later version", 1002, 6, greeting(VERSION + 1, 1, 2)),
                refused("the first version", 1002, 6, (vm, run) -> {
                    vm.specify(ScriptedVm.RING);
                    vm.send(MAGIC, 1, run, run, 1, 2);
                }),
                refused("another party's number", 1003, 6, greeting(VERSION, 0, 2)),
                refused("a number of parties that the roster does not have", 1003, 8, greeting(VERSION, 1, 3)),
                refused("one party", 1003, 4, greeting(VERSION, 1, 1)),
                refused("more parties than a byte can number", 1003, 516, greeting(VERSION, 1, 257)),
                refused("a prime too small for words", 1004, 6, specification(new Domain.PrimeField(belowTo66()))),
                refused("a field under the name of a protocol for rings", 1021, 6, specification(prime())),
                refused("a protocol that bears no corrupt party", 1021, 6, (vm, run) -> {
                    vm.specify(ScriptedVm.RING);
                    vm.send(MAGIC, VERSION, run, run, 1, 2, 0);
                    vm.zero(ScriptedVm.RING);
                }),
                refused("a share without a MAC", 1021, 6, kind(new byte[ScriptedVm.RING.elementBytes()])),
                refused("a share of something else than zero", 1021, 6, kind(one())),
                refused("a share of zero that ends within an element", 1010, 6, kind(new byte[17])),
                refused("no share of zero", 1010, 6, kind(new byte[0])),
                refused("a specification of nothing", 1004, 6, (vm, run) -> {
                    vm.sendBytes(new byte[] {'X', 0, 0, 0});
                    vm.send(MAGIC, VERSION, run, run, 1, 2, 1);
                }),
                refused("the second number first", 1005, 1, head(1, 0, ADDITIVE, 1, 1, 0)),
                refused("a client that the roster does not have", 1006, 1, head(0, 7, ADDITIVE, 1, 1, 0)),
                refused("a client of a negative number", 1006, 8, head(0, -1, COMMITTED, 1, 1, 0)),
                refused("a client of too large a number", 1006, 1, head(0, 10_000, ADDITIVE, 1, 1, 0)),
                refused("a scheme that there is not", 1008, 8, head(0, 0, 7, 1, 1, 0)),
                refused("a scheme below all others", 1008, 8, head(0, 0, -1, 1, 1, 0)),
                refused("a delivery with bits of an input", 1009, 8, bits(COMMITTED, 64)),
                refused("an input without bits", 1009, 8, bits(INPUT, 0)),
                refused("an input of too many bits", 1009, 8, bits(INPUT, 257)),
                refused("an input of bits beyond any number", 1009, 8, bits(INPUT, Long.MAX_VALUE)),
                refused("an input of a client that the roster does not have", 1006, 8, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, 7, INPUT, 1, 1, 0, 7, 64);
                }),
                refused("inputs that were not asked for", 1020, 4, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, 0, TAKE, 1, 1, 0, 7, 64);
                }),
                refused("no values", 1009, 1, head(0, 0, ADDITIVE, 0, 1, 0)),
                refused("too many values", 1009, 8, head(0, 0, COMMITTED, (1L << 40) + 1, 1, 0)),
                refused("more values than offsets can be told for", 1009, 8, head(0, 0, COMMITTED, 1L << 34, 16, 0)),
                refused("no values in a chunk", 1009, 1, head(0, 0, ADDITIVE, 1, 0, 0)),
                refused("too many values in a chunk", 1009, 1, head(0, 0, ADDITIVE, 1 << 17, 65_537, 0)),
                refused("a chunk larger than this service allows", 1009, 1, head(0, 0, ADDITIVE, 129, 129, 0)),
                refused("a negative precision", 1009, 1, head(0, 0, ADDITIVE, 1, 1, -1)),
                refused("too large a precision", 1009, 1, head(0, 0, ADDITIVE, 1, 1, 256)),
                refused("keys of another length", 1010, 2, (vm, run) -> {
                    vm.specify(ScriptedVm.RING);
                    vm.send(MAGIC, VERSION, run, run, 1, 2, 1);
                    vm.zero(ScriptedVm.RING);
                    vm.read();
                    vm.send(1, 2, 3);
                }),
                refused("a head of another length", 1010, 8, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, 0, 0, 1, 1, 0);
                }),
                refused("one value too many", 1010, 1, shares(3, 2)),
                refused("one value too few", 1010, 8, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, 0, COMMITTED, 2, 2, 0, 7, 0);
                    vm.elements(1);
                }),
                refused("masks of another number", 1010, 8, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, COMMITTED);
                    vm.share();
                    vm.elements(63);
                }),
                refused("values with MAC shares", 1011, 1, shares(4, 2)),
                refused("masks with MAC shares", 1011, 8, (vm, run) -> {
                    vm.greet(run);
                    vm.head(0, COMMITTED);
                    vm.share();
                    vm.elements(128);
                }));
    }

    private static BigInteger belowTo66() {
        return BigInteger.TWO.pow(65).nextProbablePrime();
    }

    private static Domain prime() {
        return new Domain.PrimeField(BigInteger.TWO.pow(127).subtract(BigInteger.ONE));
    }

    private static Saying greeting(long version, long party, long parties) {
        return (vm, run) -> {
            vm.specify(ScriptedVm.RING);
            vm.send(MAGIC, version, run, run, party, parties, parties - 1);
            vm.zero(ScriptedVm.RING);
        };
    }

    private static Saying kind(byte[] share) {
        return (vm, run) -> {
            vm.specify(ScriptedVm.RING);
            vm.send(MAGIC, VERSION, run, run, 1, 2, 1);
            vm.sendBytes(share);
        };
    }

    private static byte[] one() {
        var share = new byte[2 * ScriptedVm.RING.elementBytes()];
        share[0] = 1;
        return share;
    }

    private static Saying specification(Domain domain) {
        return (vm, run) -> {
            vm.specify(domain);
            vm.send(MAGIC, VERSION, run, run, 1, 2, 1);
            vm.zero(domain);
        };
    }

    private static Saying head(long sequence, long recipient, long scheme, long count, long chunk, long precision) {
        return (vm, run) -> {
            vm.greet(run);
            vm.head(sequence, recipient, scheme, count, chunk, precision, 7, 0);
        };
    }

    private static Saying bits(long scheme, long bits) {
        return (vm, run) -> {
            vm.greet(run);
            vm.head(0, 0, scheme, 1, 1, 0, 7, bits);
        };
    }

    private static Saying shares(int elements, int values) {
        return (vm, run) -> {
            vm.greet(run);
            vm.head(0, 0, ADDITIVE, values, values, 0, 7, 0);
            vm.elements(elements);
        };
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void each_violation_stops_the_program_with_its_error_number(int number, int words, Saying saying) throws Exception {
        try (var vm = vmHost.accept()) {
            saying.to(vm, run);

            assertRefused(vm, number, words);
        }
        assertLogged(number, "in run " + ScriptedVm.run(run));
    }

    /// The number, followed by zeros up to the length that the VM reads.
    private void assertRefused(ScriptedVm vm, int number, int words) throws Exception {
        var told = new long[words];
        told[0] = number;
        assertThat(vm.read()).isEqualTo(told);
    }

    /// The log lines of the refusal and of the end of the connection.
    private void assertLogged(int number, String where) throws Exception {
        await().untilAsserted(() -> assertThat(vmHost.problem()).contains(where + " was stopped with error " + number));
        assertThat(log.linesWith("error " + number))
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(line -> line.contains(where));
        assertThat(vmHost.has(ScriptedVm.id(run, 0))).isFalse();
    }

    @Test
    void a_greeting_without_the_magic_word_is_refused_without_a_run() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.specify(ScriptedVm.RING);
            vm.send(MAGIC + 1, VERSION, run, run, 1, 2, 1);

            assertRefused(vm, 1001, 6);
        }
        assertThat(log.text()).contains("error 1001").doesNotContain(ScriptedVm.run(run));
    }

    @Test
    void a_vm_that_cannot_be_sent_a_refusal_is_disconnected_and_the_log_says_why() throws Exception {
        for (long parties : new long[] {0, -1, Long.MAX_VALUE, (1 << 16) + 1}) {
            try (var vm = vmHost.accept()) {
                vm.specify(ScriptedVm.RING);
                vm.send(MAGIC, VERSION, run, run, 1, parties, 1);

                assertThat(vm.isLeft()).isTrue();
            }
            assertThat(log.text())
                    .contains("in run " + ScriptedVm.run(run) + ", error 1003")
                    .contains("has " + parties + " parties")
                    .contains("cannot be sent the reason");
        }
    }

    @Test
    void a_wrong_coin_share_is_logged_with_run_and_delivery() throws Exception {
        try (var vm = vmHost.accept()) {
            vm.greet(run);
            vm.head(0, COMMITTED);
            vm.share();
            vm.masks();
            vm.read();
            vm.send(new long[16]);
            vm.read();
            vm.send(new long[8]);

            // Instead of the offsets of one row.
            assertRefused(vm, 1015, 8);
        }
        assertLogged(1015, "in run " + ScriptedVm.run(run));
        assertThat(log.text()).contains("in run " + ScriptedVm.run(run) + ", delivery 0, error 1015");
    }

    @Test
    void a_database_error_is_reported_to_the_vm() throws Exception {
        var jdbc = vmHost.host().bean(JdbcClient.class);
        jdbc.sql("ALTER TABLE envelope RENAME TO envelope_gone").update();
        try (var vm = vmHost.accept()) {
            vm.greet(run);
            vm.head(0, ADDITIVE);
            vm.share();

            assertRefused(vm, 1013, 1);
        } finally {
            jdbc.sql("ALTER TABLE envelope_gone RENAME TO envelope").update();
        }
        assertLogged(1013, "in run " + ScriptedVm.run(run));
    }

    /// As the service does with a hand-over without progress.
    @Test
    void a_dropped_hand_over_stops_the_program_with_error_1016() throws Exception {
        try (var vm = vmHost.accept()) {
            handOverAllButTheLastOf500Chunks(vm);
            var host = vmHost.host();
            host.bean(HandOverStore.class).dropSince(host.clock().instant().plusSeconds(1));
            vm.elements(128);

            assertRefused(vm, 1016, 1);
        }
        assertLogged(1016, "in run " + ScriptedVm.run(run));
    }

    /// There is already an envelope at the last place.
    @Test
    void an_unexpected_failure_is_reported_to_the_vm() throws Exception {
        try (var vm = vmHost.accept()) {
            handOverAllButTheLastOf500Chunks(vm);
            vmHost.host()
                    .bean(JdbcClient.class)
                    .sql("""
                            INSERT INTO envelope (delivery, recipient, kind, idx, id, encoded)
                            VALUES (:delivery, 'C0', 0, 499, :id, :id)
                            """)
                    .params(Map.of("delivery", ScriptedVm.id(run, 0), "id", new byte[32]))
                    .update();
            vm.elements(128);

            assertRefused(vm, 1099, 1);
        }
        assertLogged(1099, "in run " + ScriptedVm.run(run));
    }

    /// A hand-over whose first envelopes are stored before its last chunk arrives.
    private void handOverAllButTheLastOf500Chunks(ScriptedVm vm) throws Exception {
        vm.greet(run);
        vm.head(0, 0, ADDITIVE, 500 * 128, 128, 0, 7, 0);
        for (int chunk = 0; chunk < 499; chunk++) {
            vm.elements(128);
        }
        var store = vmHost.host().bean(HandOverStore.class);
        await().until(() ->
                store.openHere().stream().anyMatch(id -> id.toString().equals(ScriptedVm.id(run, 0))));
    }

    @Test
    void log_lines_of_a_delivery_have_run_and_delivery_as_fields() throws Exception {
        try (var events = CapturedLog.ofAll();
                var vm = vmHost.accept()) {
            vm.greet(run);
            vm.head(0, ADDITIVE);
            vm.elements(2);

            assertRefused(vm, 1011, 1);

            assertThat(events.events())
                    .filteredOn(event -> event.getFormattedMessage().contains("error 1011"))
                    .isNotEmpty()
                    .first()
                    .satisfies(event -> assertThat(event.getMDCPropertyMap())
                            .containsEntry("run", ScriptedVm.run(run))
                            .containsEntry("delivery", ScriptedVm.id(run, 0)));
        }
    }
}
