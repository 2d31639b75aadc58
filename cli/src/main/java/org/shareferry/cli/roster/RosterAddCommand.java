// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.MemberLine;
import org.shareferry.member.Member;
import org.shareferry.member.Roster;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry roster add`.
@Command(
        name = "add",
        description = {
            "Add members to a roster; it is created if it does not exist.",
            "First compare each key id with the member itself: everyone in the roster is trusted. Running services"
                    + " read the changed file automatically."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry roster add --roster roster.json P0.member.json R0.member.json",
            "  shareferry roster add --roster roster.json --keep-keys P0.member.json"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class RosterAddCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--roster", required = true, paramLabel = "FILE", description = "The roster.")
    private Path roster;

    @Option(names = "--replace", description = "Replace the line of a member that is in the roster already.")
    private boolean replace;

    @Option(
            names = "--keep-keys",
            description = "For a member that changes its identity key: add the new one and keep trusting those in"
                    + " the roster as well, until --replace takes them out.")
    private boolean keepsKeys;

    @Parameters(arity = "1..*", paramLabel = "MEMBER", description = "What the members' keygen wrote.")
    private List<Path> files;

    @Override
    public Integer call() throws CommandException, MalformedException {
        if (replace && keepsKeys) {
            throw new CommandException("--replace and --keep-keys exclude each other: leave one of them out.");
        }
        var members = Files.exists(roster) ? RosterFiles.read(roster) : Roster.of(List.of());
        for (var file : files) {
            members = with(members, MemberLine.read(file), file);
        }
        NewFiles.replacePublic(roster, members.toJson());
        spec.commandLine().getOut().println(roster + " has " + members.members().size() + " members now.");
        return 0;
    }

    private Roster with(Roster members, Member line, Path file) throws CommandException {
        var present = members.find(line.name());
        if (present.isPresent() && !present.get().equals(line) && !replace && !keepsKeys) {
            throw new CommandException(roster + " has another line for " + line.name() + " than " + file
                    + ": compare key ids with that member and then use --replace, or --keep-keys.");
        }
        var added = keepsKeys ? present.map(before -> withKeys(line, before)).orElse(line) : line;
        try {
            var changed = members.with(added);
            var ids = added.identityKeys().stream()
                    .map(key -> key.id().toString())
                    .toList();
            spec.commandLine().getOut().println(added.name() + "  key id " + String.join(", ", ids));
            return changed;
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    file + " has the identity key of another member of " + roster + "; each member creates its own.",
                    e);
        }
    }

    /// @return the line with its own keys first, and after them those that the member had before
    private static Member withKeys(Member line, Member before) {
        var keys = new LinkedHashSet<>(line.identityKeys());
        keys.addAll(before.identityKeys());
        return new Member(line.name(), line.address(), List.copyOf(keys));
    }
}
