// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.time.Clock;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.member.Members;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options of commands that ask a client's service.
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
public final class ClientOptions {
    private static final String DEFAULT = "C0";

    @Mixin
    private DeploymentOption where;

    @Option(
            names = "--member",
            defaultValue = DEFAULT,
            scope = ScopeType.INHERIT,
            paramLabel = "CLIENT",
            description = "The client; ${DEFAULT-VALUE} by default.")
    private String member;

    /// @param lack what a member that is no client does not do, such as `has no results`
    /// @throws CommandException when the member is no client
    public MemberName client(String lack) throws CommandException {
        var name = Members.name(member);
        if (name.role() != Role.CLIENT) {
            throw new CommandException(name + " " + lack + "; name a client, such as C0.");
        }
        return name;
    }

    /// @param client as [#client] gives it
    /// @param clock by which certificates are judged
    public ServiceClient open(MemberName client, Clock clock) throws CommandException, KeyFileException {
        var deployment = where.deployment();
        var service = deployment.require(client);
        return ServiceClient.of(service, deployment.folderOf(service), clock);
    }

    /// @return these options as they were given, for commands that are printed; with a space before each
    public String inWords() {
        return where.inWords() + (member.equals(DEFAULT) ? "" : " --member " + member);
    }
}
