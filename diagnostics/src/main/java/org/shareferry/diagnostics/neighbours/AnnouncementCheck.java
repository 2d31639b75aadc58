// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.neighbours;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.keys.AnnouncedKey;
import org.shareferry.keys.KeyAnnouncement;
import org.shareferry.keys.SignedKeyAnnouncement;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.Shell;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Checks whether a client's announced keys can be used.
public final class AnnouncementCheck {
    /// Clients announce their next key a week before the last one expires.
    private static final Duration WARNING = Duration.ofDays(3);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final MemberName own;
    private final Roster roster;
    private final Path rosterFile;
    private final Instant now;
    private final Findings findings = new Findings(Area.KEYS);

    /// @param own the member that is checked
    /// @param rosterFile the roster's file
    public AnnouncementCheck(MemberName own, Roster roster, Path rosterFile, Instant now) {
        this.own = own;
        this.roster = roster;
        this.rosterFile = rosterFile;
        this.now = now;
    }

    public List<Finding> findings() {
        return findings.list();
    }

    /// @param asked the member that answered: the relay or the client itself
    /// @param body the announcement in JSON
    public void examine(MemberName client, MemberName asked, int status, String body) {
        var checked = "keys of " + client;
        if (status == 404) {
            findings.add(
                    checked,
                    Fault.NO_ANNOUNCEMENT,
                    asked + " has no announcement of " + client + " yet, so nothing can be sealed to it.",
                    Shell.start(client) + "; it announces its keys at its start");
            return;
        }
        var signed = parse(body);
        if (status != 200 || signed.isEmpty()) {
            findings.add(
                    checked,
                    Fault.NEIGHBOUR_FAILED,
                    "The response of " + asked + " (status " + status + ") is not a key announcement.",
                    responseFix(asked));
            return;
        }
        believe(client, signed.get())
                .ifPresentOrElse(
                        announcement -> validity(checked, client, announcement), () -> notSigned(checked, client));
    }

    private String responseFix(MemberName asked) {
        return asked.equals(own)
                ? "shareferry roster show --roster " + Shell.word(rosterFile) + " # is the address that of " + own
                        + "'s service? If it is, see the service's log"
                : "shareferry doctor # at " + asked + ", then see its service's log";
    }

    private static Optional<SignedKeyAnnouncement> parse(String body) {
        try {
            var json = JSON.readTree(body);
            return Optional.of(new SignedKeyAnnouncement(
                    Bytes.fromBase64Url(json.path("announcement").asString("?")),
                    Bytes.fromBase64Url(json.path("signature").asString("?"))));
        } catch (JacksonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<KeyAnnouncement> believe(MemberName client, SignedKeyAnnouncement signed) {
        try {
            return signed.verify(client, roster);
        } catch (MalformedException e) {
            return Optional.empty();
        }
    }

    private void notSigned(String checked, MemberName client) {
        findings.add(
                checked,
                Fault.ANNOUNCEMENT_NOT_SIGNED,
                "The announcement is not signed with the key that the roster pins for " + client + ".",
                "shareferry roster show --roster " + Shell.word(rosterFile) + " # here and at " + client
                        + "; compare the digests by phone. If they are equal, either " + client + " signs with a"
                        + " different key than the roster pins"
                        + (client.equals(own) ? ": correct shareferry.identity-key" : " (run the doctor there)")
                        + ", or someone tries to forge a key");
    }

    private void validity(String checked, MemberName client, KeyAnnouncement announcement) {
        var restart = Shell.start(client) + "; it creates new keys while it runs; if not, see its log";
        var end = announcement.keys().stream().map(AnnouncedKey::notAfter).max(Comparator.naturalOrder());
        if (end.isEmpty() || now.isAfter(end.get())) {
            findings.add(
                    checked,
                    Fault.KEYS_ENDED,
                    "All announced keys of " + client + " have expired"
                            + end.map(moment -> " (the last at " + moment + ")").orElse("") + ".",
                    restart);
        } else if (announcement.keyAt(now).isEmpty()) {
            findings.add(
                    checked,
                    Fault.KEYS_NOT_YET_VALID,
                    "No announced key of " + client + " is valid yet by the clock here.",
                    "timedatectl status # here and at " + client);
        } else if (Duration.between(now, end.get()).compareTo(WARNING) < 0) {
            findings.add(
                    checked,
                    Fault.KEYS_END_SOON,
                    "The last announced key of " + client + " expires at " + end.get() + ".",
                    restart);
        } else {
            findings.fine(checked, "signed by " + client + ", valid until " + end.get());
        }
    }
}
