// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.shareferry.cli.CommandException;
import org.shareferry.member.MemberName;

/// Invites by member: those that were joined before, in the folder `joined`, and the new ones.
final class JoinedMembers {
    /// Where a member keeps the invites that it joined, this member's own included.
    static final String FOLDER = "joined";

    private final SortedMap<MemberName, Invite> members = new TreeMap<>();
    private final SortedMap<MemberName, Invite> replaced = new TreeMap<>();
    private final SortedSet<MemberName> changed = new TreeSet<>();
    private final SortedSet<MemberName> given = new TreeSet<>();
    private final Path folder;

    private JoinedMembers(Path folder) {
        this.folder = folder;
    }

    /// @param member a member's folder
    /// @return the invites that it joined before
    static JoinedMembers of(Path member) throws CommandException {
        var joined = new JoinedMembers(member.resolve(FOLDER));
        if (Files.isDirectory(joined.folder)) {
            try (var files = Files.newDirectoryStream(joined.folder, "*.invite")) {
                for (var file : files) {
                    joined.addKept(file);
                }
            } catch (IOException e) {
                throw new CommandException(joined.folder + " cannot be read; check its owner.", e);
            }
        }
        return joined;
    }

    private void addKept(Path file) throws CommandException {
        var invite = InviteFile.read(file);
        if (!invite.isSigned() || !String.valueOf(file.getFileName()).equals(InviteFile.name(invite.name()))) {
            throw new CommandException(
                    file + " was changed since it was joined; delete it, and join that member's invite again.");
        }
        members.put(invite.name(), invite);
    }

    /// @param mayReplace whether a newer invite of a known member takes the place of the one before
    /// @throws CommandException when there is another and it may not, or when it is older
    void add(Invite invite, Path from, boolean mayReplace) throws CommandException {
        given.add(invite.name());
        var before = members.get(invite.name());
        if (before != null && before.content().equals(invite.content())) {
            members.put(invite.name(), before.created().isBefore(invite.created()) ? invite : before);
            return;
        }
        if (before != null && changed.contains(invite.name())) {
            throw new CommandException(from + " is another invite of " + invite.name()
                    + " than one that was given with it; ask that member which one is right.");
        }
        if (before != null && !mayReplace) {
            throw new CommandException(from + " is another invite of " + invite.name() + " than the one that was joined"
                    + " before (before: " + described(before) + "; now: " + described(invite)
                    + "): ask that member whether it"
                    + " changed its keys or certificate, and then use --replace " + invite.name() + ".");
        }
        if (before != null && invite.created().isBefore(before.created())) {
            throw new CommandException(from + " is older than the invite of " + invite.name() + " that was joined ("
                    + described(before) + "; this one: " + described(invite) + "): ask that member for a new invite.");
        }
        if (before != null) {
            replaced.put(invite.name(), before);
        }
        members.put(invite.name(), invite);
        changed.add(invite.name());
    }

    private static String described(Invite invite) {
        return "key id " + invite.identityKey().id() + ", made at " + invite.created();
    }

    /// @return the invites that others now take the place of
    SortedMap<MemberName, Invite> replaced() {
        return Collections.unmodifiableSortedMap(replaced);
    }

    Collection<Invite> all() {
        return members.values();
    }

    /// @return whether this member's invite is new, or another than before
    boolean isChanged(MemberName name) {
        return changed.contains(name);
    }

    /// @return whether this member's invite was given now, and not only at an earlier time
    boolean isGiven(MemberName name) {
        return given.contains(name);
    }

    /// @return the file of this member's joined invite
    Path fileOf(MemberName name) {
        return folder.resolve(InviteFile.name(name));
    }
}
