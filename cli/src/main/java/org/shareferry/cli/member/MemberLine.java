// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.member;

import java.nio.file.Path;
import java.util.List;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.json.JsonFault;
import org.shareferry.json.StrictJson;
import org.shareferry.member.Member;
import org.shareferry.member.Roster;
import tools.jackson.core.JacksonException;

/// One member's line of the roster as a file of its own, which members send to each other.
public final class MemberLine {
    private MemberLine() {}

    /// @return the member as it stands in a roster's `members`, indented
    public static String toJson(Member member) {
        var roster = StrictJson.MAPPER.readTree(Roster.of(List.of(member)).toJson());
        return StrictJson.MAPPER.writeValueAsString(roster.get("members").get(0)) + "\n";
    }

    /// @throws CommandException when the file cannot be read or contains no JSON
    /// @throws MalformedException when the line is invalid in a roster
    public static Member read(Path file) throws CommandException, MalformedException {
        var text = NewFiles.read(file);
        try {
            var roster = StrictJson.MAPPER.createObjectNode().put("version", 1);
            roster.putArray("members").add(StrictJson.MAPPER.readTree(text));
            return Roster.parse(StrictJson.MAPPER.writeValueAsString(roster))
                    .members()
                    .getFirst();
        } catch (JacksonException e) {
            throw new CommandException(
                    file + " " + JsonFault.of(e) + "; it should be what `shareferry keygen` wrote.", e);
        } catch (MalformedException e) {
            throw new MalformedException(file + ": " + e.reason());
        }
    }
}
