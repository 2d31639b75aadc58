// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.roster;

import java.nio.file.Path;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.member.Roster;

/// The roster on disk.
public final class RosterFiles {
    private RosterFiles() {}

    /// @return the roster in this file
    public static Roster read(Path file) throws CommandException, MalformedException {
        var text = NewFiles.read(file);
        try {
            return Roster.parse(text);
        } catch (MalformedException e) {
            throw new MalformedException(file + ": " + e.reason());
        }
    }
}
