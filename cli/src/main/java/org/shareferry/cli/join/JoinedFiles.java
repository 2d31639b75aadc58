// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.Pins;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.roster.RosterFiles;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Subject;

/// What a member's folder has after joining: roster.json, trust.pem, and the invites in `joined`.
///
/// @param own whose folder it is
/// @param joined the members
/// @param mayReplace the members whose lines in the roster may be replaced
record JoinedFiles(OwnMember own, JoinedMembers joined, Set<MemberName> mayReplace) {
    private static final String TRUST = "trust.pem";

    Path rosterFile() {
        return own.folder().resolve(OwnMember.ROSTER);
    }

    Path trustFile() {
        return own.folder().resolve(TRUST);
    }

    /// @return the new roster: lines of members that were not joined are kept
    Roster roster() throws CommandException, MalformedException {
        var roster = Files.exists(rosterFile()) ? RosterFiles.read(rosterFile()) : Roster.of(List.of());
        for (var invite : joined.all()) {
            roster = with(roster, invite);
        }
        return roster;
    }

    private Roster with(Roster roster, Invite invite) throws CommandException {
        var present = roster.find(invite.name());
        // A member that was removed from the roster is added only if its invite is given again.
        if (present.isEmpty() && !joined.isGiven(invite.name())) {
            return roster;
        }
        boolean isKnown =
                present.isPresent() && (isSame(present.get(), invite.member()) || !joined.isChanged(invite.name()));
        if (isKnown) {
            return roster;
        }
        if (present.isPresent()
                && !mayReplace.contains(invite.name())
                && !invite.name().equals(own.name())) {
            throw new CommandException(
                    rosterFile() + " has another line for " + invite.name() + " than its invite (key id "
                            + present.get().identityKeys().getFirst().id() + " there, "
                            + invite.identityKey().id() + " in the invite): ask that member, and then use --replace "
                            + invite.name() + ".");
        }
        try {
            return roster.with(invite.member());
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "The invite of " + invite.name() + " has an identity key that " + rosterFile()
                            + " has for another member; each member must create its own.",
                    e);
        }
    }

    /// While a member changes its identity key, the roster has the old one as well.
    private static boolean isSame(Member present, Member invited) {
        return present.address().equals(invited.address())
                && present.identityKeys()
                        .getFirst()
                        .equals(invited.identityKeys().getFirst());
    }

    /// Parties and clients talk to the relay alone, the relay to all.
    private boolean isNeighbour(MemberName name) {
        boolean isRelay = own.name().role() == Role.RELAY;
        return !name.equals(own.name()) && isRelay != (name.role() == Role.RELAY);
    }

    /// @param now certificates that expired before are dropped
    /// @return the pins as they are to be: those of a neighbour whose invite changed are exactly what it says, all
    ///     others stay
    Collection<X509Certificate> pins(Instant now) throws CommandException {
        var pins = new LinkedHashSet<>(Pins.own(own.folder(), own.name()));
        var present = Pins.in(trustFile());
        for (var invite : joined.all()) {
            var name = invite.name();
            boolean isMissing = present.stream().noneMatch(pin -> isOf(pin, name));
            // A pin that was removed, perhaps after a theft, is added only if the invite is given again.
            if (isNeighbour(name) && (joined.isChanged(name) || isMissing && joined.isGiven(name))) {
                pins.addAll(invite.certificates());
            }
        }
        present.stream()
                .filter(pin -> !pin.getNotAfter().toInstant().isBefore(now))
                .filter(pin -> joined.all().stream()
                        .map(Invite::name)
                        .noneMatch(name -> isNeighbour(name) && joined.isChanged(name) && isOf(pin, name)))
                .forEach(pins::add);
        return pins;
    }

    /// @param pins of this folder
    /// @return pins that are neither this member's own nor in a joined invite; the digest does not cover them
    List<X509Certificate> uncovered(Collection<X509Certificate> pins) throws CommandException {
        var covered = new HashSet<>(Pins.own(own.folder(), own.name()));
        joined.all().stream()
                .filter(invite -> isNeighbour(invite.name()))
                .forEach(invite -> covered.addAll(invite.certificates()));
        return pins.stream().filter(pin -> !covered.contains(pin)).toList();
    }

    private static boolean isOf(X509Certificate pin, MemberName name) {
        return Subject.commonName(pin).filter(name.toString()::equals).isPresent();
    }

    /// Writes what differs from what is there. Everything is written beside its place before anything is moved
    /// there.
    ///
    /// @return the files that were changed
    Set<Path> write(Roster roster, Collection<X509Certificate> pins) throws CommandException {
        var files = new LinkedHashMap<Path, String>();
        files.put(trustFile(), Pins.pem(pins));
        files.put(rosterFile(), roster.toJson());
        for (var invite : joined.all()) {
            files.put(joined.fileOf(invite.name()), InviteFile.toJson(invite));
        }
        var changed = new LinkedHashMap<Path, String>();
        for (var file : files.entrySet()) {
            if (!Files.exists(file.getKey()) || !NewFiles.read(file.getKey()).equals(file.getValue())) {
                changed.put(file.getKey(), file.getValue());
            }
        }
        NewFiles.folder(own.folder().resolve(JoinedMembers.FOLDER));
        NewFiles.replacePublic(changed);
        return Set.copyOf(changed.keySet());
    }
}
