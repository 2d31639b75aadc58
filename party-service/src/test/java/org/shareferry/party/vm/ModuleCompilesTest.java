// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.shareferry.delivery.Scheme;

/// Compiles programs that import `shareferry.py` with MP-SPDZ's own compiler and checks the result: the order of the
/// dialog's steps is a security property, and the compiler reorders instructions.
@EnabledIfEnvironmentVariable(
        named = "SHAREFERRY_MPSPDZ",
        matches = ".+",
        disabledReason = "SHAREFERRY_MPSPDZ does not name a checkout of MP-SPDZ")
class ModuleCompilesTest {
    private static final String COMMITTED = """
            from shareferry import connect, deliver
            ferry = connect(14000, parties=2)
            a = sint.Array(%d)
            a.assign_vector(sint(regint.inc(%d)) * sint(2))
            deliver(ferry, a, chunk=300)
            """;

    /// Each line in this order; the instructions that send, read, tell, open, check and fetch shares, and no
    /// other of these.
    private static final List<String> STEPS = List.of(
            "writesocketshare", // the last chunk
            "writesocketshare", // masks
            "readsocketint", // digest and commitment
            "sendpersonal",
            "check",
            "writesocketint", // everyone's
            "readsocketint", // coin share
            "sendpersonal",
            "writesocketint", // everyone's
            "readsocketint", // offsets
            "readsocketint", // bits
            "open", // T
            "check",
            "writesocketc", // T
            "readsocketint"); // acknowledgement

    /// The instruction that writes the eight words of a head; the number counts arguments.
    private static final String HEAD = "writesocketint 11, ";

    /// The same for asks and takes of inputs.
    private static final List<String> TAKE_STEPS = List.of(
            "readsocketint", // the service's secret
            "writesocketint", // head
            "readsocketint", // digest of the answer
            "sendpersonal",
            "writesocketint", // everyone's
            "readsocketint", // whether all hold the same
            "readsocketc", // the masked inputs: two chunks
            "readsocketc");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "-O", "-D", "-M", "-n", "-m 1", "-X", "-Y", "-C", "-l", "-b 1", "-D -M -O", "-X -D"})
    void committed_deliveries_keep_the_order_of_the_dialog(String options) throws Exception {
        var steps = steps(compile(COMMITTED.formatted(1000, 1000), "-R 64 " + options));

        assertThat(steps).endsWith(STEPS.toArray(String[]::new));
    }

    /// Exchanges between parties are compiled for each number of parties.
    @ParameterizedTest
    @ValueSource(strings = {"14000", "14000, one_port=True", "regint(14000)"})
    void any_number_of_parties_keeps_the_order_of_the_dialog(String connect) throws Exception {
        var program = COMMITTED.formatted(1000, 1000).replace("14000, parties=2", connect);
        var numbers = 7; // 2 to 8
        var each = new ArrayList<>(STEPS.subList(0, 3));
        each.addAll(repeated(numbers, STEPS.subList(3, 6)));
        each.add("readsocketint"); // coin share
        each.addAll(repeated(numbers, STEPS.subList(7, 9)));
        each.addAll(STEPS.subList(9, STEPS.size()));

        var steps = steps(compile(program, "-R 64"));

        assertThat(steps).endsWith(each.toArray(String[]::new));
    }

    private static List<String> repeated(int times, List<String> steps) {
        return Collections.nCopies(times, steps).stream().flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-O", "-D", "-M", "-n", "-m 1", "-X", "-Y", "-C", "-l", "-b 1", "-D -M -O", "-X -D"})
    void earlier_openings_are_checked_before_shares_are_sent(String options) throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000, parties=2)
                b = sint.get_random()
                print_ln('%s', b.reveal())
                deliver(ferry, b, scheme='additive')
                """;

        var steps = steps(compile(program, "-R 64 " + options));

        assertThat(steps)
                .endsWith("open", "check", "readsocketint", "writesocketint", "writesocketshare", "readsocketint");
    }

    /// The service's secret is read and compared before the head is written, also in a run-time loop.
    @ParameterizedTest
    @ValueSource(strings = {"", "-O", "-D", "-M", "-n", "-m 1", "-X", "-Y", "-C", "-l", "-b 1", "-D -M -O", "-X -D"})
    void the_service_is_recognised_before_each_head(String options) throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000, parties=2)
                @for_range(3)
                def _(i):
                    deliver(ferry, sint(i), scheme='additive')
                """;

        var assembly = compile(program, "-R 64 " + options);

        var head = indexOf(assembly, HEAD);
        var before = assembly.subList(0, head);
        var secret = lastIndexOf(before, "readsocketint 3, ");
        assertThat(before.get(secret)).matches("readsocketint 3, ci[0-9]+, 2, .*");
        assertThat(before.subList(secret, head)).noneMatch(line -> line.matches("writesocket.*"));
        // For an index while a refusal is printed, for the refusal, and for a wrong secret.
        assertThat(before.subList(secret, head))
                .filteredOn(line -> line.startsWith("crash "))
                .hasSize(3);
    }

    /// Masked inputs are read only after the digests were compared. Random values are sent like values of a committed
    /// delivery.
    @ParameterizedTest
    @ValueSource(strings = {"", "-O", "-D", "-M", "-n", "-m 1", "-X", "-Y", "-C", "-l", "-b 1", "-D -M -O", "-X -D"})
    void asks_and_takes_keep_the_order_of_the_dialog(String options) throws Exception {
        var program = """
                from shareferry import connect, ask, receive
                ferry = connect(14000, parties=2)
                asked = ask(ferry, 1000, label=8, chunk=600)
                print_ln('%s', receive(asked)[999].reveal())
                """;

        var steps = steps(compile(program, "-R 64 " + options));

        var asking = new ArrayList<>(List.of("check", "readsocketint", "writesocketint", "writesocketshare"));
        asking.addAll(STEPS);
        asking.addAll(TAKE_STEPS);
        asking.addAll(List.of("open", "check"));
        int end = steps.lastIndexOf("readsocketc") + 2;
        assertThat(steps.subList(0, end))
                .endsWith(asking.subList(0, asking.size() - 1).toArray(String[]::new));
    }

    /// Also in a run-time loop.
    @Test
    void the_service_is_recognised_before_each_ask_and_take() throws Exception {
        var program = """
                from shareferry import connect, receive
                ferry = connect(14000, parties=2)
                listen_for_clients(15500)
                @for_range(3)
                def _(i):
                    accept_client_connection(15500)
                    receive(ferry, 5, sender=i)
                """;

        var assembly = compile(program, "-R 64");

        var heads = IntStream.range(0, assembly.size())
                .filter(i -> assembly.get(i).startsWith(HEAD))
                .toArray();
        assertThat(heads).hasSize(2);
        for (int head : heads) {
            var before = assembly.subList(0, head);
            var secret = lastIndexOf(before, "readsocketint 3, ");
            assertThat(before.get(secret)).matches("readsocketint 3, ci[0-9]+, 2, .*");
            assertThat(before.subList(secret, head)).noneMatch(line -> line.matches("writesocket.*"));
        }
    }

    @Test
    void program_size_is_independent_of_the_number_of_inputs() throws Exception {
        var program = """
                from shareferry import connect, receive
                ferry = connect(14000, parties=2)
                receive(ferry, %d, chunk=500)
                """;

        assertThat(compile(program.formatted(9_000_000), "-R 64"))
                .hasSameSizeAs(compile(program.formatted(1_000_000), "-R 64"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-R 64", "-R 72", "-P 170141183460469231731687303715885907969", "-F 128"})
    void all_kinds_of_inputs_compile_in_all_domains(String domain) throws Exception {
        var program = """
                from shareferry import connect, deliver, ask, receive
                ferry = connect(14000, parties=2)
                first = ask(ferry, 10, sender=0, label=7)
                second = ask(ferry, 5, sender=regint(1), label=MemValue(regint(8)), value_type=sfix, chunk=2)
                fixed = receive(second)
                whole = receive(first)
                @for_range(3)
                def _(i):
                    bits = receive(ferry, 4, label=i, bits=1)
                    deliver(ferry, bits)
                deliver(ferry, fixed)
                deliver(ferry, whole)
                """;

        assertThat(run(program, domain).error).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "receive(14000, 5)|the first argument of ask() and receive() must be the return value of",
                "receive(ferry)|count must be an integer from 1 to 2147483647, not None",
                "receive(ferry, 0)|count must be an integer from 1 to 2147483647, not 0",
                "receive(ferry, 2 ** 31)|count must be an integer from 1 to 2147483647, not 2147483648",
                "receive(ferry, True)|count must be an integer from 1 to 2147483647, not True",
                "receive(ferry, '5')|count must be an integer from 1 to 2147483647, not '5'",
                "receive(ferry, [5])|not a value of type list",
                "receive(ferry, get_player_id())|not a value of type localint",
                "receive(ferry, regint(5))|count must be an integer from 1 to 2147483647, not a regint of size 1",
                "ask(ferry, 5, sender=None)|sender must be an integer from 0 to 9999, or a single regint, not None",
                "ask(ferry, 5, sender=10000)|sender must be an integer from 0 to 9999",
                "ask(ferry, 5, sender='C0')|not 'C0'",
                "ask(ferry, 5, sender=get_player_id())|not a value of type localint",
                "ask(ferry, 5, label=2 ** 64)|label must be an integer from -9223372036854775808",
                "ask(ferry, 5, label=None)|not None",
                "ask(ferry, 5, value_type=cint)|only sint and sfix can be received, not cint",
                "ask(ferry, 5, value_type='sint')|only sint and sfix can be received, not 'sint'",
                "ask(ferry, 5, value_type=None)|only sint and sfix can be received, not None",
                "ask(ferry, 5, bits=0)|bits must be an integer from 1 to 256, not 0",
                "ask(ferry, 5, bits=257)|bits must be an integer from 1 to 256, not 257",
                "ask(ferry, 5, bits='64')|bits must be an integer from 1 to 256, not '64'",
                "ask(ferry, 5, bits=regint(64))|not a regint of size 1",
                "ask(ferry, 5, chunk=65537)|chunk must be an integer from 1 to 65536",
                "ask(ferry, 5, chunk=[1])|not a value of type list",
                "receive(ask(ferry, 5), 5)|call receive() with its return value alone",
                "receive(ask(ferry, 5), sender=1)|call receive() with its return value alone",
                "receive(ask(ferry, 5), label=regint(0))|call receive() with its return value alone",
                "receive(ask(ferry, 5), value_type=sfix)|call receive() with its return value alone"
            })
    void wrong_use_of_inputs_is_a_compile_time_error(String lineAndError) throws Exception {
        var parts = lineAndError.split("\\|");
        var program =
                "from shareferry import connect, ask, receive\nferry = connect(14000, parties=2)\n" + parts[0] + "\n";

        assertThat(run(program, "-R 64").error).contains("shareferry: ").contains(parts[1]);
    }

    @Test
    void inputs_in_another_thread_are_a_compile_time_error() throws Exception {
        var program = """
                from shareferry import connect, ask, receive
                ferry = connect(14000)
                asked = ask(ferry, 5)
                @for_range_multithread(2, 1, 2)
                def _(i):
                    receive(asked)
                """;

        assertThat(run(program, "-R 64").error).contains("shareferry: call receive() on the main thread");
    }

    private static int indexOf(List<String> assembly, String instruction) {
        return IntStream.range(0, assembly.size())
                .filter(i -> assembly.get(i).startsWith(instruction))
                .findFirst()
                .orElseThrow();
    }

    private static int lastIndexOf(List<String> assembly, String instruction) {
        return IntStream.range(0, assembly.size())
                .filter(i -> assembly.get(i).startsWith(instruction))
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accept_client_connection(15500)",
                "init_client_connection('localhost', 15500, 1)",
            })
    void client_connections_on_another_tape_are_a_compile_time_error(String connection) throws Exception {
        var threads = """
                from shareferry import connect, deliver
                ferry = connect(14000)
                listen_for_clients(15500)
                @for_range_multithread(2, 1, 2)
                def _(i):
                    %s
                """.formatted(connection);
        var function = """
                import shareferry
                def other():
                    %s
                program.new_tape(other)
                """.formatted(connection);

        for (var program : List.of(threads, function)) {
            assertThat(run(program, "-R 64").error)
                    .contains("shareferry: accept or initiate client connections only on the main thread");
        }
    }

    @Test
    void importing_the_module_after_another_tape_is_a_compile_time_error() throws Exception {
        var program = """
                def other():
                    accept_client_connection(15500)
                program.new_tape(other)
                import shareferry
                """;

        assertThat(run(program, "-R 64").error).contains("shareferry: import this module before functions");
    }

    @Test
    void a_program_can_accept_its_own_clients_on_the_main_thread() throws Exception {
        var program = """
                from shareferry import connect, deliver
                listen_for_clients(15500)
                first = accept_client_connection(15500)
                ferry = connect(14000, parties=2)
                second = accept_client_connection(15500)
                deliver(ferry, sint(1))
                closeclientconnection(first)
                init_client_connection('localhost', 15600, 7)
                deliver(ferry, sint(2))
                """;

        assertThat(steps(compile(program, "-R 64"))).endsWith(STEPS.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(strings = {"triple", "quintuple", "batched"})
    void products_are_checked_before_they_are_sent(String scheme) throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000, parties=2)
                deliver(ferry, sint(regint.inc(10)), scheme='%s')
                """.formatted(scheme);

        var steps = steps(compile(program, "-R 64"));

        assertThat(steps.subList(steps.lastIndexOf("muls"), steps.size()))
                .startsWith("muls", "check", "writesocketshare")
                .endsWith("writesocketshare", "readsocketint");
    }

    @Test
    void program_size_is_independent_of_the_number_of_values() throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000, parties=2)
                deliver(ferry, sint.Array(%d), scheme='%s', chunk=500)
                """;

        for (var scheme : EnumSet.complementOf(EnumSet.of(Scheme.INPUT))) {
            var some = compile(program.formatted(1_000_000, scheme.text()), "-R 64");
            var many = compile(program.formatted(9_000_000, scheme.text()), "-R 64");

            assertThat(many).as(scheme.text()).hasSameSizeAs(some);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-R 64", "-R 72", "-P 170141183460469231731687303715885907969", "-F 128"})
    void all_kinds_of_values_compile_in_all_domains(String domain) throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000, parties=2)
                matrix = sint.Matrix(3, 4)
                matrix.assign_all(1)
                fixed = sfix.Array(5)
                fixed.assign_all(0.25)
                for scheme in 'additive', 'triple', 'quintuple', 'batched', 'committed':
                    deliver(ferry, matrix, scheme=scheme)
                @for_range(3)
                def _(i):
                    deliver(ferry, matrix[i], recipient=i, label=i)
                deliver(ferry, fixed)
                deliver(ferry, [sint(1), sint(2)])
                deliver(ferry, sfix(1.5))
                deliver(ferry, MemValue(sint(3)))
                """;

        assertThat(steps(compile(program, domain))).endsWith(STEPS.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deliver(ferry, [])|there are no values to deliver",
                "deliver(ferry, sint.Array(0))|there are no values to deliver",
                "deliver(ferry, sfix.Matrix(0, 3))|there are no values to deliver",
                "deliver(ferry, cint(1))|only sint and sfix can be delivered, not cint",
                "deliver(ferry, sint.Array(3), scheme='best')|scheme must be one of additive, triple",
                "deliver(ferry, sint.Array(3), chunk=65537)|chunk must be an integer from 1 to 65536",
                "deliver(ferry, sint.Array(3), chunk=True)|chunk must be an integer from 1 to 65536",
                "deliver(ferry, sint.Array(3), chunk=43691, scheme='triple')|chunk must be an integer from 1 to 43690",
                "deliver(ferry, [sint(1), sfix(1)])|all values of a delivery must have the same precision",
                "deliver(sint(1), ferry)|the first argument of deliver() must be the return value of",
                "connect(14000, parties=1)|parties must be an integer from 2 to 256",
                "connect(14000, parties='2')|parties must be an integer from 2 to 256, or omitted, not '2'",
                "connect(14000, one_port='no')|one_port must be True or False, not 'no'",
                "connect(0)|port must be an integer from 1 to 65534, or a single regint, not 0",
                "connect(70000)|port must be an integer from 1 to 65534, or a single regint, not 70000",
                "connect(65535, parties=3)|port must be an integer from 1 to 65533, or a single regint, not 65535",
                "connect(65536, one_port=True)|port must be an integer from 1 to 65535, or a single regint, not 65536",
                "connect('14000')|port must be an integer from 1 to 65534, or a single regint, not '14000'",
                "connect(None)|port must be an integer from 1 to 65534, or a single regint, not None",
                "connect(get_player_id())|port must be an integer from 1 to 65534, or a single regint, not a value of type"
                        + " localint",
                "deliver(ferry, sint(1), recipient=None)|recipient must be an integer from 0 to 9999, or a single regint,"
                        + " not None",
                "deliver(ferry, sint(1), recipient=-1)|recipient must be an integer from 0 to 9999",
                "deliver(ferry, sint(1), recipient=10000)|recipient must be an integer from 0 to 9999",
                "deliver(ferry, sint(1), recipient='C0')|not 'C0'",
                "deliver(ferry, sint(1), recipient=[0])|not a value of type list",
                "deliver(ferry, sint(1), recipient=True)|not True",
                "deliver(ferry, sint(1), recipient=get_player_id())|not a value of type localint",
                "deliver(ferry, sint(1), recipient=regint(0, size=2))|not a regint of size 2",
                "deliver(ferry, sint(1), recipient=cint(0))|not a value of type cint",
                "deliver(ferry, sint(1), label=2 ** 64)|label must be an integer from -9223372036854775808 to"
                        + " 9223372036854775807, or a single regint, not 18446744073709551616",
                "deliver(ferry, sint(1), label=2 ** 63)|not 9223372036854775808",
                "deliver(ferry, sint(1), label=-2 ** 63 - 1)|not -9223372036854775809",
                "deliver(ferry, sint(1), label=7.0)|not 7.0",
                "deliver(ferry, sint(1), label=None)|not None",
                "deliver(ferry, sint(1), label=sint(1))|not a value of type sint",
                "deliver(ferry, sint(1), label=MemValue(sint(1)))|not a value of type sint",
                "deliver(ferry, sint(1), scheme=None)|scheme must be one of additive, triple, quintuple, batched, committed,"
                        + " not None",
                "deliver(ferry, sint(1), scheme=['additive'])|not a value of type list",
                "deliver(ferry, sint(1), chunk='5')|chunk must be an integer from 1 to 65536 for committed, not '5'",
                "deliver(ferry, sint(1), chunk=0)|chunk must be an integer from 1 to 65536 for committed, not 0",
                "deliver(ferry, None)|only sint and sfix can be delivered, not NoneType",
                "deliver(ferry, 'abc')|only sint and sfix can be delivered, not str",
                "deliver(ferry, 5)|only sint and sfix can be delivered, not int",
                "deliver(ferry, get_player_id())|only sint and sfix can be delivered, not localint",
                "deliver(ferry, [[sint(1)]])|a list may contain only sint or sfix",
                "deliver(ferry, sint.Array(17179868929))|there are 17179868929 values; a delivery in this scheme can have at most 17179868928",
                "deliver(ferry, sint.Array(2 ** 40 + 1), scheme='additive')|there are 1099511627777 values; a delivery in"
                        + " this scheme can have at most 1099511627776"
            })
    void wrong_use_is_a_compile_time_error(String lineAndError) throws Exception {
        var parts = lineAndError.split("\\|");
        var program = "from shareferry import connect, deliver\nferry = connect(14000, parties=2)\n" + parts[0] + "\n";

        assertThat(run(program, "-R 64").error).contains("shareferry: ").contains(parts[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-P 73786976294838206459|primes below 2^66", "-B 64|only values of arithmetic domains"})
    void unsupported_domains_are_a_compile_time_error(String optionsAndError) throws Exception {
        var parts = optionsAndError.split("\\|");
        var program = "from shareferry import connect\nconnect(14000)\n";

        assertThat(run(program, parts[0]).error).contains("shareferry: ").contains(parts[1]);
    }

    /// The header's label is a signed 64-bit integer.
    @ParameterizedTest
    @ValueSource(strings = {"-2 ** 63", "2 ** 63 - 1", "regint(5)", "MemValue(regint(5))", "-1"})
    void every_valid_label_compiles(String label) throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(regint(14000), parties=2)
                deliver(ferry, sint(1), recipient=MemValue(regint(3)), label=%s)
                """.formatted(label);

        assertThat(run(program, "-R 64").error).isEmpty();
    }

    @Test
    void a_delivery_from_another_thread_is_a_compile_time_error() throws Exception {
        var program = """
                from shareferry import connect, deliver
                ferry = connect(14000)
                @for_range_multithread(2, 1, 2)
                def _(i):
                    deliver(ferry, sint(1))
                """;

        assertThat(run(program, "-R 64").error).contains("shareferry: call deliver() on the main thread");
    }

    /// A program for a field without requirements also runs in a ring, where nothing hides upper bits.
    @ParameterizedTest
    @ValueSource(strings = {"", "-F 128"})
    void a_program_compiled_without_a_ring_fails_on_vms_of_rings(String options) throws Exception {
        for (var scheme : List.of("triple", "quintuple", "batched")) {
            var compiled = run("""
                    from shareferry import connect, deliver
                    ferry = connect(14000, parties=2)
                    deliver(ferry, sint.get_random() * sint.get_random(), scheme='%s')
                    """.formatted(scheme), options);

            assertThat(compiled.error).isEmpty();
            assertThat(Files.readAllLines(folder.resolve("Programs/Schedules/program.sch")))
                    .as(scheme)
                    .contains("lgp:67");
        }
    }

    @Test
    void the_compiler_prints_no_warning() throws Exception {
        assertThat(run(COMMITTED.formatted(1000, 1000), "-R 64").said).doesNotContainIgnoringCase("warning");
    }

    /// @param said the compiler's output
    /// @param error the same when it failed, else empty
    private record Compiled(List<String> assembly, String said, String error) {}

    /// @return the program's assembly, line by line
    private List<String> compile(String program, String options) throws IOException, InterruptedException {
        var compiled = run(program, options);
        assertThat(compiled.error).isEmpty();
        return compiled.assembly;
    }

    private Compiled run(String program, String options) throws IOException, InterruptedException {
        var mpspdz = Path.of(System.getenv("SHAREFERRY_MPSPDZ"));
        assertThat(mpspdz.resolve("shareferry.py"))
                .as("a module beside compile.py would be taken instead of this checkout's")
                .doesNotExist();
        var source = Files.writeString(folder.resolve("program.mpc"), program);
        var command =
                new ArrayList<>(List.of("python3", mpspdz.resolve("compile.py").toString()));
        command.addAll(List.of(options.strip().split(" +")));
        command.removeIf(String::isEmpty);
        command.addAll(List.of("-a", folder.resolve("assembly").toString(), source.toString()));
        var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().put("PYTHONPATH", ModuleSource.FOLDER.toString());
        builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        var process = builder.start();
        var said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            return new Compiled(List.of(), said, said);
        }
        return new Compiled(Files.readAllLines(folder.resolve("assembly-program-0")), said, "");
    }

    private static final Pattern STEP = Pattern.compile(
            "^v?(?:asm_)?(writesocketshare|writesocketint|writesocketc|readsocketint|readsocketc|sendpersonal|check|open|privateoutput"
                    + "|muls|inputpersonal) .*");

    /// An exchange in one step may need several instructions, and counts once.
    private static List<String> steps(List<String> assembly) {
        var steps = new ArrayList<String>();
        for (var line : assembly) {
            var matcher = STEP.matcher(line);
            if (matcher.matches()) {
                var step = matcher.group(1);
                if (!step.equals("sendpersonal") || !steps.getLast().equals(step)) {
                    steps.add(step);
                }
            }
        }
        return steps;
    }
}
