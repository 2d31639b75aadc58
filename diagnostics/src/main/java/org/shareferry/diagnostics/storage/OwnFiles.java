// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.shareferry.cbor.MalformedException;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.file.BoundedFile;
import org.shareferry.keys.KeyFileException;
import org.shareferry.keys.KeyFiles;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.member.Roster;
import org.shareferry.site.MemberSite;
import org.shareferry.site.Shell;

/// Checks roster and identity key of a member.
public final class OwnFiles {
    private static final int FEWEST_PARTIES = 2;

    private final MemberSite site;
    private final Instant now;
    private final Findings findings = new Findings(Area.ROSTER);

    /// @param now used in the names of files that the printed commands create
    public OwnFiles(MemberSite site, Instant now) {
        this.site = site;
        this.now = now;
    }

    /// @return the roster, if it is valid; this method reports nothing
    public static Optional<Roster> roster(Path file) {
        try {
            return Optional.of(Roster.parse(BoundedFile.readText(file, Roster.LARGEST_FILE)));
        } catch (IOException | MalformedException e) {
            return Optional.empty();
        }
    }

    public List<Finding> examine() {
        FileAccess.writers(site.roster(), findings);
        parse().ifPresent(roster -> {
            completeness(roster);
            identity(roster);
        });
        return findings.list();
    }

    private Optional<Roster> parse() {
        var checked = site.roster().toString();
        var copy = "cp ROSTER " + Shell.word(site.roster()) + " # the file must be the same at every member";
        try {
            var roster = Roster.parse(BoundedFile.readText(site.roster(), Roster.LARGEST_FILE));
            findings.fine(checked, roster.members().size() + " members");
            return Optional.of(roster);
        } catch (NoSuchFileException e) {
            findings.add(checked, Fault.MISSING_FILE, "The roster is missing.", copy);
        } catch (MalformedException e) {
            findings.add(checked, Fault.ROSTER_UNUSABLE, e.reason(), copy);
        } catch (IOException e) {
            findings.add(
                    checked,
                    Fault.UNREADABLE_FILE,
                    "It cannot be read: " + FileAccess.reason(e) + ".",
                    Shell.own(site.roster()));
        }
        return Optional.empty();
    }

    private void completeness(Roster roster) {
        require(roster, site.member(), Fault.NOT_IN_ROSTER);
        var parties = new TreeSet<>(site.parties());
        site.partySets().forEach(parties::addAll);
        for (var party : parties) {
            require(roster, party, Fault.ROSTER_INCOMPLETE);
        }
        if (roster.ofRole(Role.PARTY).size() < FEWEST_PARTIES) {
            incomplete("It has fewer than two parties.", "P1");
        }
        if (roster.ofRole(Role.CLIENT).isEmpty()) {
            incomplete("It has no client.", "C0");
        }
        if (site.member().role() != Role.RELAY) {
            relay(roster);
        }
        if (site.member().role() == Role.CLIENT && site.isDialled()) {
            needsAddress(
                    roster, site.member(), "the relay cannot connect to it (or set shareferry.client.mode to pull)");
        }
    }

    private void relay(Roster roster) {
        require(roster, site.relay(), Fault.ROSTER_INCOMPLETE);
        needsAddress(roster, site.relay(), "nobody can connect to it");
    }

    private void needsAddress(Roster roster, MemberName name, String consequence) {
        if (roster.find(name).filter(line -> line.address().isEmpty()).isPresent()) {
            findings.add(
                    site.roster() + " is complete",
                    Fault.ROSTER_INCOMPLETE,
                    "It has no address of " + name + ", so " + consequence + ".",
                    "\"${EDITOR:-vi}\" " + Shell.word(site.roster()) + " # give " + name
                            + " a line \"address\": \"https://HOST:PORT\"; the same at every member");
        }
    }

    private void require(Roster roster, MemberName name, Fault fault) {
        if (roster.find(name).isEmpty()) {
            findings.add(site.roster() + " has " + name, fault, "It has no member " + name + ".", add(name.toString()));
        }
    }

    private void incomplete(String cause, String who) {
        findings.add(site.roster() + " is complete", Fault.ROSTER_INCOMPLETE, cause, add(who));
    }

    private String add(String name) {
        return "shareferry roster add --roster " + Shell.word(site.roster()) + " " + name + ".member.json # from "
                + name + "; the same at every member";
    }

    private void identity(Roster roster) {
        var file = site.identityKey();
        var checked = file.toString();
        var exposure = FileAccess.exposure(file);
        if (!Files.exists(file)) {
            findings.add(checked, Fault.MISSING_FILE, "The identity key is missing.", keygen(roster, file));
        } else if (exposure.isPresent()) {
            findings.add(
                    checked,
                    Fault.KEY_OPEN_TO_OTHERS,
                    "The identity key is accessible to " + exposure.get() + ", so the service refuses it.",
                    "chmod 600 " + Shell.word(file));
        } else {
            pinned(roster, file, checked);
        }
    }

    private void pinned(Roster roster, Path file, String checked) {
        try (var key = KeyFiles.readIdentityKey(file)) {
            var line = roster.find(site.member());
            if (line.isPresent() && line.get().identityKey(key.publicKey().id()).isEmpty()) {
                findings.add(
                        checked,
                        Fault.OTHER_IDENTITY_KEY,
                        "The roster pins a different identity key for " + site.member() + " than the one in this file ("
                                + key.publicKey().id() + ").",
                        "shareferry roster show --roster " + Shell.word(site.roster())
                                + " # then use the right key here, or correct the roster at every member");
            } else {
                findings.fine(checked, "is the key " + key.publicKey().id());
            }
        } catch (KeyFileException e) {
            if (e.getCause() instanceof IOException unreadable) {
                findings.add(
                        checked,
                        Fault.UNREADABLE_FILE,
                        "It cannot be read: " + FileAccess.reason(unreadable) + ".",
                        Shell.own(file));
            } else {
                findings.add(checked, Fault.NO_KEY, String.valueOf(e.getMessage()), keygen(roster, file));
            }
        }
    }

    /// `keygen` never overwrites files and has fixed file names, so it writes into a new folder.
    private String keygen(Roster roster, Path file) {
        var folder = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        var made = folder.resolve("new-" + Shell.stamp(now));
        var steps = new ArrayList<String>();
        if (Files.exists(file)) {
            steps.add("mv " + Shell.word(file) + " " + Shell.word(file + ".old-" + Shell.stamp(now)));
        }
        steps.add("shareferry keygen --member " + site.member() + " --out " + Shell.word(made) + address(roster));
        steps.add("mv " + Shell.word(made.resolve("identity.pem")) + " " + Shell.word(file));
        return String.join(" && ", steps) + " # only if there is no backup: every member must then add the new line"
                + " with shareferry roster add --replace --roster ROSTER "
                + Shell.word(made.resolve(site.member() + ".member.json"));
    }

    private String address(Roster roster) {
        var line = roster.find(site.member());
        if (line.isPresent()) {
            return line.get()
                    .address()
                    .map(address -> " --address " + Shell.word(address.toString()))
                    .orElse("");
        }
        boolean onlyDials =
                site.member().role() == Role.PARTY || site.member().role() == Role.CLIENT && !site.isDialled();
        return onlyDials ? "" : " --address https://HOST:PORT";
    }
}
