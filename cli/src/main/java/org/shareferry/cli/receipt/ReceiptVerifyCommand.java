// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.receipt;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.roster.RosterFiles;
import org.shareferry.crypto.Bytes;
import org.shareferry.json.JsonFault;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.receipt.Receipt;
import org.shareferry.receipt.SignedReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `shareferry receipt verify`.
@Command(
        name = "verify",
        description = "Verify the signatures in a file of receipts (GET /v1/deliveries/{id}/receipts at a party or the"
                + " relay), and say what they prove. The exit code is 1 if one is invalid.",
        footer = {"", "Example:", "  shareferry receipt verify receipts.json --roster site/roster.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class ReceiptVerifyCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The receipts, as JSON.")
    private Path file;

    @Option(
            names = "--roster",
            required = true,
            paramLabel = "FILE",
            description = "The roster that pins the members' identity keys; your own.")
    private Path roster;

    @Mixin
    private FormOption form;

    /// One receipt of the file.
    ///
    /// @param receipt its content, with a valid or an invalid signature
    private record Judged(Receipt receipt, boolean isSigned) {}

    @Override
    public Integer call() throws CommandException, MalformedException {
        var pinned = RosterFiles.read(roster);
        var judged = new ArrayList<Judged>();
        for (var node : nodes()) {
            judged.add(judge(node, pinned));
        }
        if (judged.isEmpty()) {
            throw new CommandException(
                    file + " has no receipt: the client has signed for nothing of that delivery yet.");
        }
        if (form.isJson()) {
            spec.commandLine().getOut().println(json(judged));
        } else {
            print(judged, spec.commandLine().getOut());
        }
        return judged.stream().allMatch(Judged::isSigned) ? 0 : 1;
    }

    /// The answer of a service, or a list, or one receipt.
    private List<JsonNode> nodes() throws CommandException {
        try {
            var root = JSON.readTree(NewFiles.read(file));
            var list = root.has("receipts") ? root.path("receipts") : root;
            return list.isObject() ? List.of(list) : list.valueStream().toList();
        } catch (JacksonException e) {
            throw new CommandException(file + " is no file of receipts: it " + JsonFault.of(e) + ".", e);
        }
    }

    private Judged judge(JsonNode node, Roster pinned) throws MalformedException {
        var signed = new SignedReceipt(bytes(node, "receipt"), bytes(node, "signature"));
        return new Judged(
                Receipt.decode(signed.receipt()), signed.verify(pinned).isPresent());
    }

    private Bytes bytes(JsonNode node, String name) throws MalformedException {
        try {
            return Bytes.fromBase64Url(node.path(name).asString("!"));
        } catch (IllegalArgumentException e) {
            throw new MalformedException(file + " has a receipt without receipt and signature in base64url.");
        }
    }

    private static void print(List<Judged> all, PrintWriter out) {
        for (var one : all) {
            var receipt = one.receipt();
            out.println(receipt.client() + (one.isSigned() ? " signed" : " did NOT sign") + " at " + receipt.received()
                    + " that it has " + envelopes(receipt) + " envelopes of " + parties(receipt) + " for delivery "
                    + receipt.delivery());
        }
        out.println("A valid signature proves that the client stated this at the time that it names. It does not cover"
                + " the content of the envelopes, or a verdict.");
    }

    private static int envelopes(Receipt receipt) {
        return receipt.places().values().stream().mapToInt(held -> held.size()).sum();
    }

    private static String parties(Receipt receipt) {
        return receipt.places().firstEntry().getValue().keySet().stream()
                .map(MemberName::toString)
                .collect(Collectors.joining(", "));
    }

    private static String json(List<Judged> all) {
        var root = JsonText.object();
        var list = root.putArray("receipts");
        for (var one : all) {
            var receipt = one.receipt();
            var node = list.addObject()
                    .put("holds", one.isSigned())
                    .put("client", receipt.client().toString())
                    .put("delivery", receipt.delivery().toString())
                    .put("received", receipt.received().toString());
            var places = node.putArray("places");
            receipt.places().forEach((place, held) -> {
                var entry = places.addObject()
                        .put("kind", place.kind().toString().toLowerCase(Locale.ROOT))
                        .put("index", place.index());
                var ids = entry.putObject("envelopes");
                held.forEach(
                        (sender, id) -> ids.put(sender.toString(), id.digest().toHex()));
            });
        }
        return JsonText.of(root);
    }
}
