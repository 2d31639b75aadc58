// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.check.CheckResult;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.delivery.Scheme;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry reconstruct`.
@Command(
        name = "reconstruct",
        description = {
            "Add up all parties' hand-over files, run the scheme's check, and print the values.",
            "For tests only: in production, only the client can combine shares."
        },
        footer = {"", "Example:", "  shareferry reconstruct shares/P0.handover.json shares/P1.handover.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class ReconstructCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private FormOption form;

    @Parameters(arity = "2..*", paramLabel = "FILE", description = "One hand-over of every party.")
    private List<Path> files;

    @Override
    public Integer call() throws CommandException, MalformedException {
        var handOvers = new ArrayList<HandOver>();
        for (var file : files) {
            handOvers.add(HandOverJson.read(file));
        }
        requireAgreement(handOvers);
        var facts = handOvers.getFirst().facts();
        var reconstruction = ReconstructedValues.of(handOvers);
        if (reconstruction.result() == CheckResult.FAILED) {
            throw new CommandException("The check of " + facts.scheme().text() + " fails for delivery " + facts.id()
                    + ", so its values are not shown; use unchanged files of one hand-over.");
        }
        if (form.isJson()) {
            spec.commandLine().getOut().println(json(facts, reconstruction));
        } else {
            show(facts.scheme(), reconstruction);
        }
        return 0;
    }

    private void show(Scheme scheme, ReconstructedValues reconstruction) {
        var out = spec.commandLine().getOut();
        reconstruction.values().forEach(value -> out.println(value.toPlainString()));
        spec.commandLine()
                .getErr()
                .println(
                        scheme == Scheme.ADDITIVE
                                ? "The scheme additive has no check."
                                : "The check of " + scheme.text() + " held.");
    }

    private static String json(HandOver.Facts facts, ReconstructedValues reconstruction) {
        var root = JsonText.object()
                .put("delivery", facts.id().toString())
                .put("scheme", facts.scheme().text())
                .put("isChecked", facts.scheme() != Scheme.ADDITIVE)
                .put("precision", facts.precision());
        var values = root.putArray("values");
        reconstruction.values().forEach(value -> values.add(value.toPlainString()));
        return JsonText.of(root);
    }

    private void requireAgreement(List<HandOver> handOvers) throws CommandException {
        var facts = handOvers.getFirst().facts();
        for (int i = 1; i < handOvers.size(); i++) {
            if (!handOvers.get(i).facts().equals(facts)) {
                throw new CommandException(files.get(i) + " is of another delivery than " + files.getFirst()
                        + ", or contradicts the others; use files of one hand-over.");
            }
        }
        if (facts.scheme().isCommitted()) {
            throw new CommandException(
                    files.getFirst() + " is of scheme committed, which no hand-over can carry; take another.");
        }
        if (!facts.parties().isEmpty() && facts.parties().size() != handOvers.size()) {
            throw new CommandException(
                    "Delivery " + facts.id() + " has " + facts.parties().size() + " parties, and " + handOvers.size()
                            + " files are named; name one of each party.");
        }
        if (files.stream().distinct().count() != files.size()) {
            throw new CommandException("A file is named twice; name one of each party.");
        }
    }
}
