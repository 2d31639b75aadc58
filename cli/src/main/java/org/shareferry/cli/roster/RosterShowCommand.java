// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.Table;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.member.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry roster show`.
@Command(
        name = "show",
        description = "Show a roster's members, and the digest by which members compare rosters.",
        footer = {"", "Example:", "  shareferry roster show --roster roster.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RosterShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--roster", required = true, paramLabel = "FILE", description = "The roster.")
    private Path file;

    @Mixin
    private FormOption form;

    @Override
    public Integer call() throws CommandException, MalformedException {
        var roster = RosterFiles.read(file);
        // Over the canonical form, so that line ends and spaces do not matter.
        var digest = Sha256.of(Bytes.of(roster.toJson().getBytes(StandardCharsets.UTF_8)))
                .toHex();
        var out = spec.commandLine().getOut();
        if (form.isJson()) {
            out.println(json(roster, digest));
            return 0;
        }
        toTable(roster).print(out, Paint.of(spec.commandLine()));
        out.println("SHA-256 of the roster: " + digest);
        return 0;
    }

    private static Table toTable(Roster roster) {
        var table = new Table(List.of("member", "role", "address", "key id"));
        for (var member : roster.members()) {
            var address = member.address().map(URI::toString).orElse("(only dials out)");
            for (var key : member.identityKeys()) {
                table.add(List.of(
                        member.name().toString(),
                        member.name().role().text(),
                        address,
                        key.id().toString()));
            }
        }
        return table;
    }

    private static String json(Roster roster, String digest) {
        var root = JsonText.object().put("sha256", digest);
        var members = root.putArray("members");
        for (var member : roster.members()) {
            var node = members.addObject()
                    .put("name", member.name().toString())
                    .put("role", member.name().role().text());
            member.address().ifPresent(address -> node.put("address", address.toString()));
            var ids = node.putArray("keyIds");
            member.identityKeys().forEach(key -> ids.add(key.id().toString()));
        }
        return JsonText.of(root);
    }
}
