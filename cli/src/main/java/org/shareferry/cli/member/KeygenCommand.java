// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.member;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.crypto.IdentityKey;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.ServiceAddress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry keygen`.
@Command(
        name = "keygen",
        description = {
            "Make a member's identity key (identity.pem, Ed25519) and its line of the roster (NAME.member.json).",
            "The line contains nothing secret: send it to the other members, who add it with 'shareferry roster add'."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry keygen --member P1 --out member",
            "  shareferry keygen --member R0 --address https://relay.p0.example:8443 --out member"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class KeygenCommand implements Callable<Integer> {
    /// Where a member's private identity key is found.
    public static final String IDENTITY = "identity.pem";

    @Spec
    private CommandSpec spec;

    @Option(names = "--member", required = true, paramLabel = "NAME", description = "P, R or C and a number.")
    private String member;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Where the files go.")
    private Path out;

    @Option(
            names = "--address",
            paramLabel = "URL",
            description =
                    "https://host:port where neighbours reach its service; leave it out for members that only dial"
                            + " out, such as parties.")
    private Optional<String> address = Optional.empty();

    @Override
    public Integer call() throws CommandException, KeyFileException {
        var made = make(Members.name(member), checkedAddress(), out);
        var file = out.resolve(made.name() + ".member.json");
        NewFiles.writePublic(file, MemberLine.toJson(made));
        var print = spec.commandLine().getOut();
        print.print(MemberLine.toJson(made));
        print.println("Made " + out.resolve(IDENTITY) + " (keep it) and " + file
                + " (send it to the other members; they compare the key id "
                + made.identityKeys().getFirst().id() + " with you).");
        return 0;
    }

    /// Makes an identity key.
    ///
    /// @param folder for the files; contains no identity key yet
    /// @return the member's line of the roster
    public static Member make(MemberName name, Optional<URI> address, Path folder)
            throws CommandException, KeyFileException {
        NewFiles.folder(folder);
        NewFiles.requireAbsent(List.of(folder.resolve(IDENTITY), folder.resolve(name + ".member.json")));
        try (var key = IdentityKey.generate()) {
            var line = new Member(name, address, List.of(key.publicKey()));
            KeyFiles.write(folder.resolve(IDENTITY), key);
            return line;
        }
    }

    private Optional<URI> checkedAddress() throws CommandException {
        try {
            return address.map(ServiceAddress::parse);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "--address " + address.orElse("") + " is not https://host:port. " + e.getMessage(), e);
        }
    }
}
