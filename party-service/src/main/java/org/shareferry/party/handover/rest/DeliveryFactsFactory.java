// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.Member;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import org.shareferry.party.handover.HandOverRefusal;
import org.shareferry.party.handover.rest.HandOverHead.PairKey;
import org.shareferry.service.member.OwnMember;
import org.shareferry.service.member.RosterFile;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.share.PairwiseKeys.Pair;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.stereotype.Component;

/// Makes the facts of a delivery from the head of a hand-over and the settings of this service.
@Component
class DeliveryFactsFactory {
    private final PartyProperties properties;
    private final RosterFile roster;
    private final OwnMember own;

    DeliveryFactsFactory(PartyProperties properties, RosterFile roster, OwnMember own) {
        this.properties = properties;
        this.roster = roster;
        this.own = own;
    }

    DeliveryFacts facts(HandOverHead head) throws InvalidHandOverException {
        if (head.scheme().isCommitted()) {
            throw InvalidHandOverException.schemeNeedsVm();
        }
        if (head.recipient().role() != Role.CLIENT) {
            throw InvalidHandOverException.of(new HandOverRefusal.RecipientUnknown(head.recipient()));
        }
        if (head.macsChecked() && !properties.protocol().hasOwnChecks()) {
            throw InvalidHandOverException.unfit(properties.protocol().text()
                    + " (shareferry.party.protocol) has no checks of its own, so macsChecked cannot be true.");
        }
        var parties = parties(head);
        int threshold = threshold(head, parties.size());
        long together = DeliveryFacts.bundledShares(head.shape(), head.domain(), head.scheme(), parties.size());
        if (together > DeliveryFacts.MAX_BUNDLED_SHARES) {
            throw InvalidHandOverException.unfit("The shares of all " + parties.size() + " parties for one chunk have "
                    + together + " bytes, more than the limit of " + DeliveryFacts.MAX_BUNDLED_SHARES + "."
                    + " Use fewer values per chunk.");
        }
        return new DeliveryFacts(
                head.id(),
                head.shape(),
                head.domain(),
                head.scheme(),
                head.precision(),
                head.label(),
                head.recipient(),
                parties,
                properties.protocol().text(),
                head.macsChecked(),
                !head.pairwiseKeys().isEmpty(),
                threshold,
                0,
                head.program().orElseGet(properties::programDigest));
    }

    private int threshold(HandOverHead head, int parties) throws InvalidHandOverException {
        long threshold = head.threshold()
                .orElseGet(() -> (long) properties.protocol().threshold(parties).orElse(0));
        if (threshold < 0 || threshold >= parties) {
            throw InvalidHandOverException.unfit("With " + parties + " parties \"threshold\" must be 0 to "
                    + (parties - 1) + ", not " + threshold + ".");
        }
        return (int) threshold;
    }

    private List<MemberName> parties(HandOverHead head) throws InvalidHandOverException {
        var parties = head.parties().orElseGet(this::configured);
        Set<MemberName> wrong = new HashSet<>(parties);
        wrong.removeIf(name -> name.role() == Role.PARTY && name.number() < DeliveryFacts.MAX_PARTIES);
        if (!wrong.isEmpty()) {
            throw InvalidHandOverException.of(
                    new HandOverRefusal.PartiesUnfit("Parties must be among P0 to P255.", wrong));
        }
        if (parties.size() < 2
                || parties.size() > DeliveryFacts.MAX_PARTIES
                || parties.stream().distinct().count() != parties.size()) {
            throw InvalidHandOverException.of(new HandOverRefusal.PartiesUnfit(
                    "A delivery must have at least two parties, each named once.", Set.copyOf(parties)));
        }
        return parties;
    }

    private List<MemberName> configured() {
        return properties.parties().isEmpty()
                ? roster.current().ofRole(Role.PARTY).stream().map(Member::name).toList()
                : properties.parties();
    }

    /// @return the keys, if the hand-over has some; the caller closes them
    Optional<PairwiseKeys> pairwiseKeys(HandOverHead head) throws InvalidHandOverException {
        if (head.pairwiseKeys().isEmpty()) {
            return Optional.empty();
        }
        if (head.pairwiseKeys().stream()
                .map(PairKey::party)
                .anyMatch(party -> party.role() != Role.PARTY || party.equals(own.name()))) {
            throw InvalidHandOverException.unfit("Pairwise keys must be with other parties.");
        }
        Map<MemberName, Pair> pairs = head.pairwiseKeys().stream()
                .collect(Collectors.toMap(PairKey::party, key -> new Pair(key.made(), key.received())));
        return Optional.of(PairwiseKeys.of(own.name(), pairs));
    }
}
