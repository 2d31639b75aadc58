// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.file.BoundedFile;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The roster file. Changes are read without a restart. If the file becomes unreadable or malformed, the previous
/// roster stays in force and the error is logged.
public final class RosterFile {
    private static final Logger LOG = LoggerFactory.getLogger(RosterFile.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Path file;
    private final Clock clock;
    private volatile Snapshot snapshot;

    /// @param content the file's text at the last check, valid or not
    private record Snapshot(Roster roster, String content, Instant looked) {}

    /// @throws StartupException when the file cannot be read or parsed
    public RosterFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            var content = BoundedFile.readText(file, Roster.LARGEST_FILE);
            snapshot = new Snapshot(Roster.parse(content), content, clock.instant());
        } catch (IOException e) {
            throw new StartupException(
                    "The roster " + file + " cannot be read; set shareferry.roster to the file that"
                            + " all members share.",
                    e);
        } catch (MalformedException e) {
            throw new StartupException("The roster " + file + " is invalid: " + e.reason(), e);
        }
    }

    /// @return the roster in force, at most a second old
    public Roster current() {
        var now = clock.instant();
        var last = snapshot;
        if (Duration.between(last.looked(), now).abs().compareTo(BETWEEN_LOOKS) >= 0) {
            snapshot = look(last, now);
        }
        return snapshot.roster();
    }

    /// @return the member of this name, if the current roster has one
    public Optional<Member> find(MemberName name) {
        return current().find(name);
    }

    private Snapshot look(Snapshot last, Instant now) {
        try {
            var content = BoundedFile.readText(file, Roster.LARGEST_FILE);
            return content.equals(last.content())
                    ? new Snapshot(last.roster(), content, now)
                    : reload(last, content, now);
        } catch (IOException e) {
            if (!last.content().isEmpty()) {
                LOG.warn("The roster {} cannot be read; the previous one stays in force.", file);
            }
            return new Snapshot(last.roster(), "", now);
        }
    }

    private Snapshot reload(Snapshot last, String content, Instant now) {
        try {
            var roster = Roster.parse(content);
            LOG.info("The roster {} changed and was reloaded.", file);
            return new Snapshot(roster, content, now);
        } catch (MalformedException e) {
            LOG.warn("The roster {} changed but is invalid ({}); the previous one stays in force.", file, e.reason());
            return new Snapshot(last.roster(), content, now);
        }
    }
}
