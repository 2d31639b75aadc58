// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.input;

import jakarta.annotation.PostConstruct;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryKey;
import org.shareferry.delivery.Scheme;
import org.shareferry.input.InputStatement;
import org.shareferry.input.InputStatement.Answer;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.member.MemberName;
import org.shareferry.party.input.AnswerFetch.Contradicts;
import org.shareferry.party.input.AnswerFetch.Given;
import org.shareferry.party.input.AnswerFetch.NotYet;
import org.shareferry.party.input.AnswerFetch.Refused;
import org.shareferry.service.member.RosterFile;
import org.shareferry.service.neighbour.Answer.Accepted;
import org.shareferry.service.neighbour.Answer.Unavailable;
import org.shareferry.service.neighbour.AnswerBodies;
import org.shareferry.service.neighbour.Neighbours;
import org.shareferry.share.ElementVector;
import org.shareferry.site.settings.PartyProperties;
import org.springframework.stereotype.Component;

/// Fetches a client's answer to a request from the relay and verifies it. The relay can withhold answers but cannot
/// forge one: the client must have signed it for this request with the key that the roster pins.
@Component
public class InputAnswers {
    /// The assumed minimum rate of a connection, in bytes a second.
    private static final long RATE = 32 << 10;

    /// The number of elements to check at a time.
    private static final int AT_ONCE = 8192;

    private final Neighbours neighbours;
    private final MemberName relay;
    private final AnswerBodies bodies;
    private final RosterFile roster;
    private final SpoolStore store;

    InputAnswers(
            Neighbours neighbours,
            PartyProperties properties,
            AnswerBodies bodies,
            RosterFile roster,
            SpoolStore store) {
        this.neighbours = neighbours;
        this.relay = properties.relay();
        this.bodies = bodies;
        this.roster = roster;
        this.store = store;
    }

    @PostConstruct
    void dropLeftovers() {
        store.dropLeftovers();
    }

    /// Queries the relay once.
    ///
    /// @param request the own record of the request
    /// @param wait the duration of the long poll
    public AnswerFetch fetch(InputRequest request, Duration wait) {
        var query = query(request.facts().key());
        return switch (neighbours.get(relay, "/v1/answers" + query + "&wait=" + wait.toSeconds() + "s", wait)) {
            case Accepted(int status, Bytes body) when status == 204 -> NotYet.without();
            case Accepted(int status, Bytes body) ->
                bodies.read(body, SignedInputStatement.class)
                        .map(signed -> verify(request, signed, query))
                        .orElseGet(() -> NotYet.because("the relay's response is malformed"));
            case org.shareferry.service.neighbour.Answer.Refused refused ->
                NotYet.because("the relay does not know the request yet: " + refused.detail());
            case Unavailable unavailable -> NotYet.because(unavailable.reason());
        };
    }

    private static String query(DeliveryKey key) {
        return "?delivery=" + key.id() + "&parties=" + key.parties();
    }

    private AnswerFetch verify(InputRequest request, SignedInputStatement signed, String query) {
        Optional<InputStatement> verified;
        try {
            verified = signed.verify(roster.current());
        } catch (MalformedException e) {
            return NotYet.because("the relay's statement is malformed: " + e.reason());
        }
        if (verified.isEmpty()) {
            return NotYet.because(
                    "the relay's statement is not signed with the key that the roster pins for the client");
        }
        var statement = verified.get();
        if (!statement.isFor(request.facts())) {
            return NotYet.because("the relay's statement is for another request");
        }
        var differences = request.differences(statement);
        if (!differences.isEmpty()) {
            return new Contradicts(signed, differences);
        }
        return statement.answer() == Answer.REFUSED ? new Refused() : download(signed, statement, query);
    }

    private AnswerFetch download(SignedInputStatement signed, InputStatement statement, String query) {
        var spool = new Spool(store, statement.maskedSize());
        AnswerFetch fetch = NotYet.because("the download of the masked inputs was interrupted");
        try {
            fetch = download(signed, statement, query, spool);
            return fetch;
        } finally {
            if (!(fetch instanceof Given)) {
                spool.close();
            }
        }
    }

    private AnswerFetch download(SignedInputStatement signed, InputStatement statement, String query, Spool spool) {
        var timeout = Duration.ofSeconds(statement.maskedSize() / RATE);
        if (!(neighbours.download(relay, "/v1/answers/values" + query, timeout, spool::add) instanceof Accepted)) {
            return NotYet.because("the masked inputs could not be fetched from the relay");
        }
        if (!spool.isComplete(statement.masked())) {
            return NotYet.because("the relay's masked inputs are not those that the client signed");
        }
        return areElements(statement, spool)
                ? new Given(signed, statement, spool)
                : new Contradicts(signed, List.of("elements outside of the domain"));
    }

    /// Elements of a prime field must be below the modulus; elements of a ring must not have higher bits set.
    private static boolean areElements(InputStatement statement, Spool spool) {
        var domain = Scheme.INPUT.elementDomain(statement.domain());
        int size = AT_ONCE * domain.elementBytes();
        try (var in = spool.open()) {
            for (var piece = in.readNBytes(size); piece.length > 0; piece = in.readNBytes(size)) {
                try (var bytes = SecretBytes.takeOver(piece);
                        var elements = ElementVector.decode(domain, bytes)) {
                    if (elements.size() == 0) {
                        return false;
                    }
                }
            }
            return true;
        } catch (MalformedException e) {
            return false;
        } catch (IOException e) {
            throw new IllegalStateException("Spooled masked inputs cannot be read.", e);
        }
    }
}
