// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.output.Table;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Sha256;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry roster show`.
@Command(name = "show", description = "Show a roster's members, and the digest by which members compare rosters.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RosterShowCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--roster", required = true, paramLabel = "FILE", description = "The roster.")
    private Path file;

    @Override
    public Integer call() throws CommandException, MalformedException {
        var roster = RosterFiles.read(file);
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
        var out = spec.commandLine().getOut();
        table.print(out);
        // Over the canonical form, so that line ends and spaces do not matter.
        var digest = Sha256.of(Bytes.of(roster.toJson().getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        out.println("SHA-256 of the roster: " + digest.toHex());
        return 0;
    }
}
