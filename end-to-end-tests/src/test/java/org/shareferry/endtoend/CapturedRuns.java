// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
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
    static String protocol(String name) {
        var first = name.substring(0, name.indexOf('-'));
        return first.equals("semi2k") || first.equals("mascot") ? first : Site.SPDZ2K;
    }

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

    /// @return the programs of P0 and P1
    static List<Program> programs(String name) {
        var programs = new ArrayList<Program>();
        for (var file : List.of("P0.dialog", "P1.dialog")) {
            try {
                var bytes = Bytes.of(Files.readAllBytes(FOLDER.resolve(name).resolve(file)));
                programs.add(new CapturedProgram(CapturedDialog.parse(file, bytes)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (MalformedException e) {
                throw new AssertionError(e);
            }
        }
        return programs;
    }

    /// @return what C0 must show of each delivery, in order
    static List<JsonNode> expected(String name) {
        var deliveries = new ArrayList<JsonNode>();
        JsonMapper.shared()
                .readTree(Site.read(FOLDER.resolve(name).resolve("expected.json")))
                .get("deliveries")
                .forEach(deliveries::add);
        return deliveries;
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
