// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.evidence;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.roster.RosterFiles;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.envelope.Envelope;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Verifies the signatures of a file of evidence.
@Command(
        name = "verify",
        description =
                "Verify the signatures in a file of GET /v1/results/{id}/evidence, and print what they prove. The exit"
                        + " code is 1 if one is invalid.",
        footer = {"", "Example:", "  shareferry evidence verify 4c33….evidence --roster site/roster.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class EvidenceVerifyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The signed envelopes.")
    private Path file;

    @Option(
            names = "--roster",
            required = true,
            paramLabel = "FILE",
            description = "The roster that pins the members' identity keys; your own, not the one of who accuses.")
    private Path roster;

    @Mixin
    private FormOption form;

    private final SortedMap<MemberName, Count> counts = new TreeMap<>();
    private final Set<DeliveryFacts> facts = new LinkedHashSet<>();
    private final Set<Bytes> seen = new HashSet<>();

    /// How many envelopes of a sender there are.
    private record Count(int signed, int unsigned) {
        Count plus(boolean isSigned) {
            return isSigned ? new Count(signed + 1, unsigned) : new Count(signed, unsigned + 1);
        }
    }

    @Override
    public Integer call() throws CommandException, MalformedException {
        var pinned = RosterFiles.read(roster);
        try (var envelopes = new EvidenceFile(file)) {
            for (var next = envelopes.next(); next.isPresent(); next = envelopes.next()) {
                add(next.get(), pinned);
            }
        } catch (NoSuchFileException e) {
            throw new CommandException("There is no file " + file + "; name one with evidence.", e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read; check that it is a file, and its owner.", e);
        }
        if (counts.isEmpty()) {
            throw new CommandException(file + " has no envelope.");
        }
        if (form.isJson()) {
            spec.commandLine().getOut().println(json());
        } else {
            print(spec.commandLine().getOut());
        }
        return counts.values().stream().allMatch(count -> count.unsigned() == 0) ? 0 : 1;
    }

    /// An envelope that is in the file twice proves no more than once.
    private void add(Envelope envelope, Roster pinned) {
        if (!seen.add(Sha256.of(envelope.encode()))) {
            return;
        }
        var header = envelope.header();
        boolean isSigned = pinned.find(header.sender())
                .flatMap(member -> member.identityKey(header.senderKey()))
                .filter(envelope::isSignedBy)
                .isPresent();
        counts.merge(header.sender(), new Count(0, 0).plus(isSigned), (old, one) -> old.plus(isSigned));
        if (isSigned && facts.size() < 2) {
            facts.add(header.facts());
        }
    }

    private String json() {
        var root = JsonText.object();
        facts.stream()
                .findFirst()
                .ifPresent(first -> root.put("delivery", first.id().toString())
                        .put("recipient", first.recipient().toString())
                        .put("parties", first.partySet().toString())
                        .put("scheme", first.scheme().text())
                        .put("count", first.shape().count()));
        root.put("headersAgree", facts.size() <= 1);
        var senders = root.putArray("senders");
        counts.forEach((sender, count) -> senders.addObject()
                .put("sender", sender.toString())
                .put("holding", count.signed())
                .put("notHolding", count.unsigned()));
        return JsonText.of(root);
    }

    private void print(PrintWriter out) {
        facts.stream()
                .findFirst()
                .ifPresent(first -> out.println("Delivery " + first.id() + " for " + first.recipient() + ": "
                        + first.shape().count() + " values, " + first.scheme().text() + ", parties "
                        + first.partySet()));
        counts.forEach(
                (sender, count) -> out.println(sender + "  " + count.signed() + " envelopes with a valid signature"
                        + (count.unsigned() == 0 ? "" : ", " + count.unsigned() + " with an INVALID signature")));
        if (facts.size() > 1) {
            out.println("The signed headers disagree about the delivery.");
        }
        out.println("A valid signature proves that this member sent this envelope with this header.");
        out.println("The content is encrypted to the client: only the client's statement shows that a share is wrong.");
    }
}
