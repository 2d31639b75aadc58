// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Plan;
import org.shareferry.cli.init.TrustOptions;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.member.MemberName;
import org.shareferry.mpspdz.CapturedDialog;
import org.shareferry.standin.CapturedProgram;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// One run of a program: the recorded dialogs of all its parties' VMs with their party-services.
///
/// @param dialogs P0's, P1's, …
/// @param protocol of the VMs, if the capture states it
/// @param threshold t, how many corrupt parties the protocol tolerates, if the capture states it
/// @param trust whom clients trust; the default if the capture does not state it
/// @param inputs of its clients, if the capture states them
/// @param acceptUnverified whether the inputs were given for requests that need not be verified
record CapturedRun(
        List<CapturedDialog> dialogs,
        Optional<Protocol> protocol,
        OptionalInt threshold,
        Plan.Trust trust,
        List<CapturedInput> inputs,
        boolean acceptUnverified) {
    private static final String SHIPPED = "shipped/";

    /// The run's expected results, and facts that the dialogs do not contain.
    private static final String EXPECTED = "expected.json";

    CapturedRun {
        dialogs = List.copyOf(dialogs);
        inputs = List.copyOf(inputs);
    }

    /// Finds the file of one party, if there is one.
    private interface Source {
        Optional<Bytes> read(String name) throws IOException;
    }

    /// @return the capture that comes with the project: SPDZ2k, two parties, two inputs of one value each, and
    ///     their product
    static CapturedRun shipped() throws CommandException, MalformedException {
        return read("the shipped capture", name -> {
            try (var in = CapturedRun.class.getResourceAsStream(SHIPPED + name)) {
                return in == null ? Optional.empty() : Optional.of(Bytes.of(in.readAllBytes()));
            }
        });
    }

    /// @param folder with P0.dialog, P1.dialog, …
    static CapturedRun in(Path folder) throws CommandException, MalformedException {
        if (!Files.isDirectory(folder)) {
            throw new CommandException(
                    "--input " + folder + " is not a folder; name one with P0.dialog, P1.dialog ...");
        }
        return read(folder.toString(), name -> {
            var file = folder.resolve(name);
            return Files.exists(file) ? Optional.of(Bytes.of(Files.readAllBytes(file))) : Optional.empty();
        });
    }

    private static CapturedRun read(String where, Source source) throws CommandException, MalformedException {
        var dialogs = new ArrayList<CapturedDialog>();
        for (int party = 0; ; party++) {
            var name = fileName(party);
            Optional<Bytes> file;
            try {
                file = source.read(name);
            } catch (IOException e) {
                throw new CommandException(name + " in " + where + " cannot be read; check its owner.", e);
            }
            if (file.isEmpty()) {
                break;
            }
            dialogs.add(CapturedDialog.parse(name + " in " + where, file.get()));
        }
        var facts = facts(where, source);
        var threshold = facts.path("threshold");
        var capture = new CapturedRun(
                dialogs,
                protocol(facts.path("protocol").asString(""), where),
                threshold.isInt() ? OptionalInt.of(threshold.asInt()) : OptionalInt.empty(),
                trust(facts, where),
                inputs(facts, where),
                facts.path("acceptUnverified").asBoolean(false));
        capture.requireOneRun(where);
        return capture;
    }

    /// @return the content of `expected.json`; nothing if there is none
    private static JsonNode facts(String where, Source source) throws CommandException {
        try {
            var file = source.read(EXPECTED);
            return file.isEmpty()
                    ? MissingNode.getInstance()
                    : JsonMapper.shared().readTree(file.get().toArray());
        } catch (IOException | JacksonException e) {
            throw new CommandException(EXPECTED + " in " + where + " cannot be read as JSON; fix or remove it.", e);
        }
    }

    /// @return `honestMajorityProtocols` and `minThreshold`
    private static Plan.Trust trust(JsonNode facts, String where) throws CommandException {
        var names = facts.path("honestMajorityProtocols")
                .valueStream()
                .map(name -> name.asString(""))
                .collect(Collectors.toSet());
        TrustOptions.require("honestMajorityProtocols of " + EXPECTED + " in " + where, names);
        return new Plan.Trust(names, facts.path("minThreshold").asInt(Plan.Trust.DEFAULT.minThreshold()));
    }

    private static List<CapturedInput> inputs(JsonNode facts, String where) throws CommandException {
        var inputs = new ArrayList<CapturedInput>();
        for (var delivery : facts.path("deliveries")) {
            if (delivery.path("what").asString("").equals("input")) {
                try {
                    inputs.add(CapturedInput.of(delivery));
                } catch (IllegalArgumentException e) {
                    throw new CommandException(
                            EXPECTED + " in " + where + " has an input whose id is not one; fix it.", e);
                }
            }
        }
        return inputs;
    }

    private static Optional<Protocol> protocol(String name, String where) throws CommandException {
        var protocol = Protocol.named(name);
        if (protocol.isEmpty() && !name.isEmpty()) {
            throw new CommandException(EXPECTED + " in " + where + " names the protocol " + name
                    + ", which is not one of " + Protocol.names() + ".");
        }
        return protocol;
    }

    private static String fileName(int party) {
        return MemberName.party(party) + ".dialog";
    }

    private void requireOneRun(String where) throws CommandException {
        if (dialogs.isEmpty()) {
            throw new CommandException(
                    "There is no " + fileName(0) + " in " + where + "; name a folder with captures.");
        }
        var first = dialogs.getFirst();
        if (first.parties() != dialogs.size()) {
            throw new CommandException("The run in " + where + " had " + first.parties() + " parties, but "
                    + dialogs.size() + " of their dialogs are there; put all of them into the folder.");
        }
        if (first.deliveries().isEmpty()) {
            throw new CommandException("The run in " + where + " delivered nothing; take another.");
        }
        for (int party = 0; party < dialogs.size(); party++) {
            var dialog = dialogs.get(party);
            if (!dialog.party().equals(MemberName.party(party))) {
                throw new CommandException(fileName(party) + " in " + where + " is the dialog of " + dialog.party()
                        + "; name each file after its party.");
            }
            if (!dialog.run().equals(first.run())
                    || !dialog.domain().equals(first.domain())
                    || dialog.parties() != first.parties()
                    || dialog.deliveries().size() != first.deliveries().size()) {
                throw new CommandException(fileName(0) + " and " + fileName(party) + " in " + where
                        + " are not of one run; take dialogs that were captured together.");
            }
        }
    }

    Domain domain() {
        return dialogs.getFirst().domain();
    }

    /// @return all parties, ascending
    List<MemberName> parties() {
        return IntStream.range(0, dialogs.size()).mapToObj(MemberName::party).toList();
    }

    /// @return who receives, each once, ascending
    List<MemberName> recipients() {
        return dialogs.stream()
                .flatMap(dialog -> dialog.deliveries().stream())
                .map(CapturedDialog.Delivery::recipient)
                .distinct()
                .sorted()
                .toList();
    }

    /// @return the ids of P0's deliveries with their recipients, in order
    List<Expected> expected() {
        return dialogs.getFirst().deliveries().stream()
                .map(delivery -> new Expected(delivery.id(), delivery.recipient()))
                .toList();
    }

    /// @return the first of them that is an output, or the first
    Expected example() {
        var all = expected();
        return all.stream()
                .filter(expected -> input(expected.id()).isEmpty())
                .findFirst()
                .orElse(all.getFirst());
    }

    /// @return the input that answers the request with this id, if the capture states it
    Optional<CapturedInput> input(DeliveryId id) {
        return inputs.stream().filter(input -> input.id().equals(id)).findFirst();
    }

    /// What is to arrive, and where.
    record Expected(DeliveryId id, MemberName recipient) {}

    /// @param named the protocol, if the caller names one
    /// @return what the VMs ran
    Protocol protocolOr(Optional<Protocol> named) {
        return named.or(this::protocol).orElseGet(() -> Protocol.usualIn(domain()));
    }

    /// @param ran what the VMs ran
    /// @return what each party's VM hands over
    List<CapturedProgram> programs(Protocol ran) throws CommandException {
        int parties = dialogs.size();
        var most = threshold.isPresent() ? threshold : ran.threshold(parties);
        if (most.isEmpty()) {
            throw new CommandException(ran.text() + " does not compute with " + parties
                    + " parties, or it is not known how many corrupt ones it bears; name the threshold in " + EXPECTED
                    + ".");
        }
        return dialogs.stream()
                .map(dialog -> new CapturedProgram(dialog, ran, most.getAsInt()))
                .toList();
    }
}
