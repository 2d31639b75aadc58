// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.service.member;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The roster on disk. A changed file is read without a restart; one that cannot be read or parsed leaves the
/// former roster in force and is reported.
public final class RosterFile {
    private static final Logger LOG = LoggerFactory.getLogger(RosterFile.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final Path file;
    private final Clock clock;
    private volatile Snapshot snapshot;

    private record Snapshot(Roster roster, FileTime modified, Instant looked) {}

    /// @throws StartupException when the file cannot be read or parsed
    public RosterFile(Path file, Clock clock) {
        this.file = file;
        this.clock = clock;
        try {
            snapshot = new Snapshot(read(), modified(), clock.instant());
        } catch (IOException e) {
            throw new StartupException(
                    "The roster " + file + " cannot be read; set shareferry.roster to the file that"
                            + " all members share.",
                    e);
        } catch (MalformedException e) {
            throw new StartupException("The roster " + file + " is not usable: " + e.reason(), e);
        }
    }

    /// @return the roster as the file has it, at most a second old
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
        FileTime modified;
        try {
            modified = modified();
            if (modified.equals(last.modified())) {
                return new Snapshot(last.roster(), modified, now);
            }
        } catch (IOException e) {
            LOG.warn("The roster {} cannot be examined; the former one stays in force.", file);
            return new Snapshot(last.roster(), last.modified(), now);
        }
        return reload(last, modified, now);
    }

    private Snapshot reload(Snapshot last, FileTime modified, Instant now) {
        try {
            var roster = read();
            LOG.info("The roster {} changed and was read again.", file);
            return new Snapshot(roster, modified, now);
        } catch (IOException e) {
            LOG.warn("The roster {} changed but cannot be read; the former one stays in force.", file);
        } catch (MalformedException e) {
            LOG.warn("The roster {} changed but is not usable ({}); the former one stays in force.", file, e.reason());
        }
        return new Snapshot(last.roster(), modified, now);
    }

    private Roster read() throws IOException, MalformedException {
        return Roster.parse(Files.readString(file));
    }

    private FileTime modified() throws IOException {
        return Files.getLastModifiedTime(file);
    }
}
