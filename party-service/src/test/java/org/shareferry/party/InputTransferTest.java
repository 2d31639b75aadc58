// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.shareferry.party.ScriptedVm.ADDITIVE;
import static org.shareferry.party.ScriptedVm.INPUT;
import static org.shareferry.party.ScriptedVm.TAKE;
import static org.shareferry.party.TestMembers.C0;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.PartySet;
import org.shareferry.delivery.Shape;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.service.fixture.CapturedOutput;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A VM asks a client for inputs and takes them. P1's service is real; its VM, P0's service and the relay are
/// simulated.
class InputTransferTest {
    private static final AtomicLong RUNS = new AtomicLong(500);
    private static final Bytes MASKED = Bytes.fromHex("1532547698badcfefaffffffffffffff0102030405060708");
    private static final int COUNT = 3;
    private static final int CHUNK = 2;
    private static final int BITS = 64;
    private static final long LABEL = 8;

    private static VmHost vmHost;

    private final long run = RUNS.incrementAndGet();
    private final CapturedOutput log = CapturedOutput.begin();

    @BeforeAll
    static void start() throws Exception {
        vmHost = VmHost.start();
    }

    @AfterAll
    static void stop() {
        vmHost.close();
    }

    @AfterEach
    void endCapture() {
        log.close();
    }

    /// The variable parts of a client's answer.
    private record Said(DeliveryId id, long label, int bits, Bytes closing, Answer answer, Bytes masked) {
        Said withId(DeliveryId other) {
            return new Said(other, label, bits, closing, answer, masked);
        }

        Said withLabel(long other) {
            return new Said(id, other, bits, closing, answer, masked);
        }

        Said withBits(int other) {
            return new Said(id, label, other, closing, answer, masked);
        }

        Said withClosing(Bytes other) {
            return new Said(id, label, bits, other, answer, masked);
        }

        Said refusing() {
            return new Said(id, label, bits, InputStatement.NOTHING, Answer.REFUSED, InputStatement.NOTHING);
        }

        InputStatement statement(IdentityKey signer) {
            return new InputStatement(
                    id,
                    C0,
                    PartySet.parse("P0,P1"),
                    ScriptedVm.RING,
                    new Shape(COUNT, CHUNK),
                    0,
                    label,
                    bits,
                    closing,
                    answer,
                    masked,
                    signer.publicKey().id(),
                    Instant.parse("2026-01-01T12:00:00Z"));
        }

        SignedInputStatement signed(IdentityKey signer) {
            return SignedInputStatement.sign(statement(signer), signer);
        }
    }

    private DeliveryId id() {
        return DeliveryId.parse(ScriptedVm.id(run, 0));
    }

    private static IdentityKey client() {
        return vmHost.host().members().identity(C0);
    }

    /// Lets the VM ask for inputs.
    ///
    /// @return the answer of an honest client
    private Said ask(ScriptedVm vm) throws Exception {
        vm.greet(run);
        vm.head(0, 0, INPUT, COUNT, CHUNK, 0, LABEL, BITS);
        vm.elements(CHUNK);
        vm.elements(COUNT - CHUNK);
        var closing = vm.commit(id(), 1);
        assertThat(vm.answer()).isZero();
        return new Said(id(), LABEL, BITS, Sha256.of(closing.encode()), Answer.GIVEN, Sha256.of(MASKED));
    }

    private static void take(ScriptedVm vm) throws Exception {
        vm.head(0, 0, TAKE, COUNT, CHUNK, 0, LABEL, BITS);
    }

    private void give(SignedInputStatement signed, Bytes masked) {
        vmHost.host().relay().answer(id(), signed, masked);
    }

    private static Bytes bytes(long... words) {
        var content = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        content.asLongBuffer().put(words);
        return Bytes.of(content.array());
    }

    private void assertRefused(ScriptedVm vm, int number, int words) throws Exception {
        var told = new long[words];
        told[0] = number;
        assertThat(vm.read()).isEqualTo(told);
    }

    @Test
    void the_vm_gets_masked_inputs_if_all_parties_have_the_same_answer() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            give(said.signed(client()), MASKED);
            take(vm);

            var own = Bytes.of(vm.readBytes());
            assertThat(own).isEqualTo(said.statement(client()).digest());
            assertThat(vm.hearsNothing()).as("before the parties have compared").isTrue();
            vm.sendForPairs(own);

            assertThat(vm.read()).containsExactly(0);
            assertThat(vm.readBytes())
                    .isEqualTo(Bytes.fromHex("1532547698badcfe0000000000000000" + "faffffffffffffff0000000000000000")
                            .toArray());
            assertThat(vm.readBytes())
                    .isEqualTo(Bytes.fromHex("01020304050607080000000000000000").toArray());

            // A delivery follows, under the next number.
            vm.head(1, ADDITIVE);
            vm.share();
            assertThat(vm.answer()).isZero();
        }
        // The end of an earlier test's connection may be logged now: it names another run.
        assertThat(log.linesWith(ScriptedVm.run(run))).noneMatch(line -> line.contains("1019"));
        assertThat(log.text()).doesNotContain(MASKED.toBase64Url());
    }

    @Test
    void an_answer_that_arrives_while_the_vm_waits_is_used() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            take(vm);
            int before = vmHost.host().relay().answerRequests();
            await().until(() -> vmHost.host().relay().answerRequests() > before + 1);
            var awaiting = vmHost.status().path("awaiting");
            assertThat(awaiting.path("id").asString()).isEqualTo(id().toString());
            assertThat(awaiting.path("client").asString()).isEqualTo("C0");
            assertThat(awaiting.path("label").stringValue()).isEqualTo(Long.toString(LABEL));
            assertThat(awaiting.path("count").asLong()).isEqualTo(COUNT);
            assertThat(Instant.parse(awaiting.path("until").asString()))
                    .isAfter(vmHost.host().clock().instant());
            assertThat(vmHost.metrics()).containsPattern("shareferry_vm_awaiting_input\\{[^}]*vm=\"main\"[^}]*} 1");

            give(said.signed(client()), MASKED);

            assertThat(Bytes.of(vm.readBytes()))
                    .isEqualTo(said.statement(client()).digest());
            assertThat(vmHost.status().has("awaiting")).isFalse();
        }
    }

    @Test
    void a_refusal_by_the_client_stops_the_program() throws Exception {
        try (var vm = vmHost.accept()) {
            give(ask(vm).refusing().signed(client()), Bytes.empty());
            take(vm);

            assertRefused(vm, 1017, 4);
        }
    }

    /// Invalid responses of a relay, and how the log describes them.
    private enum Planted {
        SIGNED_BY_ANOTHER_KEY("is not signed with the key that the roster pins"),
        SIGNATURE_OF_OTHER_WORDS("is not signed with the key that the roster pins"),
        ANOTHER_REQUEST("is for another request"),
        NO_STATEMENT("statement is malformed"),
        OTHER_MASKED_INPUTS("are not those that the client signed"),
        TOO_FEW_MASKED_INPUTS("are not those that the client signed");

        private final String logged;

        Planted(String logged) {
            this.logged = logged;
        }

        SignedInputStatement statement(Said said) {
            var signed = said.signed(client());
            return switch (this) {
                case SIGNED_BY_ANOTHER_KEY -> said.signed(IdentityKey.generate());
                case SIGNATURE_OF_OTHER_WORDS ->
                    new SignedInputStatement(
                            signed.statement(),
                            said.withLabel(1).signed(client()).signature());
                case ANOTHER_REQUEST ->
                    said.withId(new DeliveryId(said.id().run(), 1)).signed(client());
                case NO_STATEMENT -> new SignedInputStatement(Bytes.ascii("x"), signed.signature());
                case OTHER_MASKED_INPUTS, TOO_FEW_MASKED_INPUTS -> signed;
            };
        }

        Bytes masked() {
            return switch (this) {
                case OTHER_MASKED_INPUTS -> bytes(1, 2, 3);
                case TOO_FEW_MASKED_INPUTS -> Bytes.ofRange(MASKED.toArray(), 0, 23);
                default -> MASKED;
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_not_signed_for_this_request_is_ignored(Planted planted) throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            take(vm);

            give(planted.statement(said), planted.masked());

            awaitTwoLooks();
            assertThat(vm.hearsNothing()).isTrue();
        }
        assertThat(log.text()).contains(planted.logged);
    }

    @Test
    void a_program_without_an_answer_is_stopped_after_the_input_timeout() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            take(vm);
            give(said.signed(IdentityKey.generate()), MASKED);
            awaitTwoLooks();

            vmHost.host().clock().advance(Duration.ofMinutes(61));

            assertRefused(vm, 1018, 4);
        }
    }

    private void awaitTwoLooks() {
        int before = vmHost.host().relay().answerRequests();
        await().pollDelay(Duration.ZERO).until(() -> vmHost.host().relay().answerRequests() > before + 2);
    }

    private void assertCheating(Said said, SignedInputStatement signed) {
        assertThat(log.linesWith(signed.statement().toBase64Url()))
                .as("own statement and signature of %s", said)
                .anyMatch(line -> line.contains(signed.signature().toBase64Url()));
    }

    @Test
    void a_signed_answer_that_differs_from_the_request_stops_the_program() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm).withLabel(LABEL + 1).withBits(63);
            give(said.signed(client()), MASKED);
            take(vm);

            assertRefused(vm, 1019, 4);
            assertCheating(said, said.signed(client()));
        }
        assertThat(log.text()).contains("differs from the request in: label, bits");
    }

    @Test
    void closing_words_of_an_answer_are_compared_but_not_those_of_a_refusal() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm).withClosing(Sha256.of(Bytes.ascii("what another party saw")));
            give(said.signed(client()), MASKED);
            take(vm);

            assertRefused(vm, 1019, 4);
        }
        assertThat(log.text()).contains("differs from the request in: closing words");
    }

    @Test
    void a_refusal_with_another_label_stops_the_program() throws Exception {
        try (var vm = vmHost.accept()) {
            give(ask(vm).refusing().withLabel(1).signed(client()), Bytes.empty());
            take(vm);

            assertRefused(vm, 1019, 4);
        }
    }

    @Test
    void different_answers_at_two_parties_stop_the_program() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            give(said.signed(client()), MASKED);
            take(vm);
            vm.readBytes();

            vm.sendForPairs(said.withLabel(1).statement(client()).digest());

            assertRefused(vm, 1019, 1);
            assertCheating(said, said.signed(client()));
        }
        assertThat(log.text()).contains("P0 has a different answer than this service");
    }

    @Test
    void inputs_can_be_taken_once() throws Exception {
        try (var vm = vmHost.accept()) {
            var said = ask(vm);
            give(said.signed(client()), MASKED);
            take(vm);
            vm.sendForPairs(Bytes.of(vm.readBytes()));
            assertThat(vm.read()).containsExactly(0);
            vm.readBytes();
            vm.readBytes();

            take(vm);

            assertRefused(vm, 1020, 4);
        }
    }

    @Test
    void a_take_must_match_its_ask() throws Exception {
        try (var vm = vmHost.accept()) {
            give(ask(vm).signed(client()), MASKED);
            vm.head(0, 0, TAKE, COUNT, CHUNK, 0, LABEL + 1, BITS);

            assertRefused(vm, 1020, 4);
        }
    }

    @Test
    void requests_end_with_their_connection_and_their_run_is_not_served_again() throws Exception {
        try (var vm = vmHost.accept()) {
            ask(vm);
        }
        try (var vm = vmHost.accept()) {
            vm.begin(run);

            assertRefused(vm, 1012, 6);
        }
        assertThat(log.text()).contains("start the VMs without these options");
    }

    @Test
    void the_end_of_a_waiting_vm_is_noticed() throws Exception {
        try (var vm = vmHost.accept()) {
            ask(vm);
            take(vm);
            awaitTwoLooks();
        }
        try (var next = vmHost.accept()) {
            next.greet(RUNS.incrementAndGet());
        }
        int before = vmHost.host().relay().answerRequests();
        assertThat(log.text()).contains("closed the connection in the middle of the dialog");
        await().during(Duration.ofMillis(500)).until(() -> vmHost.host().relay().answerRequests() <= before + 1);
    }

    @Test
    void masked_inputs_are_deleted_after_they_are_taken() throws Exception {
        int count = 200_000;
        var masked = Bytes.of(new byte[count * Long.BYTES]);
        try (var vm = vmHost.accept()) {
            vm.greet(run);
            vm.head(0, 0, INPUT, count, 65_536, 0, LABEL, BITS);
            for (int left = count; left > 0; left -= 65_536) {
                vm.elements(Math.min(left, 65_536));
            }
            var closing = vm.commit(id(), Math.ceilDiv(count, 256));
            assertThat(vm.answer()).isZero();
            var statement = new InputStatement(
                    id(),
                    C0,
                    PartySet.parse("P0,P1"),
                    ScriptedVm.RING,
                    new Shape(count, 65_536),
                    0,
                    LABEL,
                    BITS,
                    Sha256.of(closing.encode()),
                    Answer.GIVEN,
                    Sha256.of(masked),
                    client().publicKey().id(),
                    Instant.EPOCH);
            give(SignedInputStatement.sign(statement, client()), masked);
            vm.head(0, 0, TAKE, count, 65_536, 0, LABEL, BITS);
            vm.sendForPairs(Bytes.of(vm.readBytes()));

            assertThat(vm.read()).containsExactly(0);
            long read = 0;
            while (read < 16L * count) {
                read += vm.readBytes().length;
            }
            vm.knowService();
        }
        assertThat(vmHost.host()
                        .bean(JdbcClient.class)
                        .sql("SELECT COUNT(*) FROM input_part")
                        .query(Integer.class)
                        .single())
                .isZero();
    }
}
