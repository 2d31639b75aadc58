// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.shareferry.endtoend.Computations.RING;
import static org.shareferry.endtoend.Computations.counting;
import static org.shareferry.endtoend.Computations.freshRun;
import static org.shareferry.endtoend.Computations.receiving;
import static org.shareferry.standin.FaultInjection.NO_FAULTS;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.standin.DialogEnd.Acknowledged;
import org.shareferry.standin.InputProgram;

/// The client package for Python reads from a running client-service what a computation delivered.
@Tag("slow")
class PythonClientTest {
    private static final Path PACKAGE =
            Path.of("..", "clients", "python").toAbsolutePath().normalize();

    @RegisterExtension
    static final Computations COMPUTATIONS = Computations.shared();

    private static String python(String program) throws Exception {
        var process = new ProcessBuilder(
                        "python3", "-c", program, COMPUTATIONS.site().home("C0").toString())
                .redirectErrorStream(true);
        process.environment().put("PYTHONPATH", PACKAGE.toString());
        process.environment().put("PYTHONDONTWRITEBYTECODE", "1");
        var started = process.start();
        started.getOutputStream().close();
        var output = new String(started.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(started.waitFor()).as(output).isZero();
        return output;
    }

    private static void deliver(Scheme scheme) {
        var run = freshRun();
        COMPUTATIONS.run(counting(run, scheme, new Shape(3, 2)), NO_FAULTS, NO_FAULTS);
        // From then on it is the newest one.
        COMPUTATIONS.verdict(run);
    }

    @Test
    void values_of_a_verified_result_are_read_and_others_only_if_asked_for() throws Exception {
        deliver(Scheme.COMMITTED);
        var verified = python("""
                import sys
                from shareferry_client import Client, ServiceError
                with Client.from_dir(sys.argv[1]) as c0:
                    result = c0.wait(timeout=60)
                    print(result.verdict, result.values)
                    try:
                        c0.results(limit=0)
                    except ServiceError as e:
                        print(e.status, e.problem)
                """);
        deliver(Scheme.ADDITIVE);
        var unverified = python("""
                import sys
                from shareferry_client import Client, NotVerifiedError
                with Client.from_dir(sys.argv[1]) as c0:
                    result = c0.wait(timeout=60)
                    try:
                        print(result.values)
                    except NotVerifiedError as e:
                        print(e.result.verdict)
                    print(result.take(unverified=True))
                """);

        assertThat(List.of(verified.split("\n")))
                .containsExactly("VERIFIED [0, 1, 2]", "400 /problem-types#request-malformed");
        assertThat(List.of(unverified.split("\n"))).containsExactly("UNVERIFIED", "[0, 1, 2]");
    }

    @Test
    void deleted_values_raise_an_error_that_says_when() throws Exception {
        deliver(Scheme.COMMITTED);

        var output = python("""
                import sys
                from shareferry_client import Client, ValuesDeletedError
                with Client.from_dir(sys.argv[1]) as c0:
                    before = c0.wait(timeout=60)
                    print(before.ended is not None, before.values_deleted)
                    c0._change("DELETE", f"/v1/results/{before.id}/values")
                    after = c0.wait(timeout=60)
                    print(after.id == before.id, after.verdict, after.ended == before.ended)
                    try:
                        print(after.values)
                    except ValuesDeletedError as e:
                        print(e.result.values_deleted >= after.ended, "Its verdict is still known: VERIFIED." in str(e))
                    try:
                        print(before.values)
                    except ValuesDeletedError as e:
                        print(e.result.values_deleted == after.values_deleted)
                """);

        assertThat(List.of(output.split("\n"))).containsExactly("True None", "True VERIFIED True", "True True", "True");
    }

    @Test
    void inputs_are_given_listed_deleted_and_used_by_a_program() throws Exception {
        var given = python("""
                import datetime, sys
                from fractions import Fraction
                from shareferry_client import Client, ServiceError
                until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
                with Client.from_dir(sys.argv[1]) as c0:
                    def give(values, **more):
                        return c0.inputs.give(values, label=%1$d, parties=["P0", "P1"], protocol="spdz2k", bits=64,
                                              until=until, **more)
                    first = give([Fraction(1, 2)], precision=1)
                    print(first.open_requests, first.detail.startswith("The input waits for the next request"))
                    print([(one.id == first.id, one.label, one.count, one.parties) for one in c0.inputs.waiting()])
                    c0.inputs.take_back(first.id)
                    print(c0.inputs.waiting())
                    try:
                        give([2**63])
                    except ServiceError as e:
                        print(e.status, e.problem)
                    give([5, -7, 2**63 - 1])
                """.formatted(InputProgram.FIRST_LABEL));
        var run = freshRun();
        var endings = COMPUTATIONS.run(
                receiving(Protocol.SPDZ2K, 2, RING, run, List.of(new Shape(3, 2)), 64), NO_FAULTS, NO_FAULTS);
        var result = COMPUTATIONS.site().awaitResult(new DeliveryId(run, 1).toString());

        assertThat(List.of(given.split("\n")))
                .containsExactly(
                        "() True",
                        "[(True, %d, 1, ('P0', 'P1'))]".formatted(InputProgram.FIRST_LABEL),
                        "[]",
                        "400 /problem-types#input-invalid");
        assertThat(endings).containsOnly(new Acknowledged(3));
        assertThat(result.get("values")).hasToString("[5,-7,9223372036854775807]");
    }

    /// Behind a service's certificate can be that of its authority, whose other certificates are not the service's.
    @Test
    void only_the_first_certificate_of_the_file_is_trusted() throws Exception {
        var output = python("""
                import json, pathlib, ssl, sys, tempfile
                from shareferry_client import Client
                home = pathlib.Path(sys.argv[1])
                services = json.loads((home.parent / "services.json").read_text())["services"]
                address = next(one["address"] for one in services if one["member"] == home.name)
                own, other = ((home.parent / name / "tls.crt").read_text() for name in (home.name, "R0"))
                for chain in (own + other, other + own):
                    with tempfile.NamedTemporaryFile("w", suffix=".crt") as file:
                        file.write(chain)
                        file.flush()
                        try:
                            with Client(address, home / "user.crt", home / "user.key", file.name) as c0:
                                c0.results()
                                print("taken")
                        except ssl.SSLCertVerificationError:
                            print("refused")
                """);

        assertThat(List.of(output.split("\n"))).containsExactly("taken", "refused");
    }
}
