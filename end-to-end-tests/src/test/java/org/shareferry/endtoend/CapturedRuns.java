// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.mpspdz.CapturedDialog;
import org.shareferry.standin.CapturedProgram;
import org.shareferry.standin.Output;
import org.shareferry.standin.Program;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Captured runs of MP-SPDZ, and what must come of them.
final class CapturedRuns {
    private static final Path FOLDER = Path.of("..", "shared-crypto", "src", "test", "resources", "mpspdz");

    private CapturedRuns() {}

    /// @return the protocol of a captured run
    static Protocol protocol(String name) {
        var told = told(name).path("protocol").asString("");
        var first = name.split("-", 2)[0];
        return Protocol.named(told.isEmpty() ? first : told).orElse(Protocol.SPDZ2K);
    }

    /// @return captured runs of three parties, those of one protocol together: services start anew for another one
    static Stream<String> withHonestMajority() {
        return Stream.of(
                        "ps-rep-ring-committed-10",
                        "ps-rep-ring-batched-10",
                        "malicious-shamir-committed-10",
                        "malicious-shamir-batched-10",
                        "replicated-ring-committed-10",
                        "shamir-committed-10",
                        "../input/ps-rep-ring-three-10",
                        "../input/malicious-shamir-three-10",
                        "../input/replicated-ring-three-10")
                .sorted(Comparator.comparing(CapturedRuns::protocol));
    }

    /// @return captured runs of two parties, those of one protocol together
    static Stream<String> withDishonestMajority() {
        var inputs = Stream.of(
                "../input/spdz2k-two-1",
                "../input/spdz2k-two-10",
                "../input/spdz2k-two-1000",
                "../input/spdz2k-two-fix-10",
                "../input/semi2k-two-10",
                "../input/mascot-two-10");
        return Stream.concat(names(), inputs).sorted(Comparator.comparing(CapturedRuns::protocol));
    }

    /// @return captured runs of two parties that deliver and ask for no input
    static Stream<String> names() {
        return Stream.of(
                "additive-10",
                "triple-10",
                "quintuple-10",
                "batched-10",
                "batched-1",
                "committed-10",
                "committed-1000",
                "semi2k-additive-6",
                "mascot-batched-6",
                "mascot-committed-6");
    }

    /// @return t
    static int threshold(String name) {
        return told(name).path("threshold").asInt(told(name).get("parties").asInt() - 1);
    }

    /// @return the programs of all parties
    static List<Program> programs(String name) {
        var programs = new ArrayList<Program>();
        int parties = told(name).get("parties").asInt();
        int threshold = threshold(name);
        for (int party = 0; party < parties; party++) {
            var file = "P" + party + ".dialog";
            try {
                var bytes = Bytes.of(Files.readAllBytes(FOLDER.resolve(name).resolve(file)));
                programs.add(new CapturedProgram(CapturedDialog.parse(file, bytes), protocol(name), threshold));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
        return programs;
    }

    /// @return whether C0's people gave its inputs for requests that need not be verified
    static boolean acceptsUnverified(String name) {
        return told(name).path("acceptUnverified").asBoolean(false);
    }

    /// @return what C0 must show of each delivery, and answer to each request, in order
    static List<JsonNode> expected(String name) {
        return told(name).get("deliveries").valueStream().toList();
    }

    private static JsonNode told(String name) {
        return JsonMapper.shared().readTree(Site.read(FOLDER.resolve(name).resolve("expected.json")));
    }

    /// The same shares once more, in another run: a service takes no run twice.
    ///
    /// @param run its id
    /// @param outputs some of the captured ones, in any number
    record Again(Program captured, RunId run, List<Output> outputs) implements Program {
        @Override
        public Domain domain() {
            return captured.domain();
        }

        @Override
        public int party() {
            return captured.party();
        }

        @Override
        public int parties() {
            return captured.parties();
        }
    }
}
