// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Instant;
import java.util.List;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Scheme;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.input.SignedInputStatement;
import org.shareferry.party.input.AskedInput;
import org.shareferry.party.input.Look;
import org.shareferry.party.input.Look.Contradicts;
import org.shareferry.party.input.Look.Given;
import org.shareferry.party.input.Look.NotYet;
import org.shareferry.party.input.Look.Refused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The taking of inputs that were asked for: the client's answer is awaited and judged, the parties compare the digests
/// of their answers, and only when all hold the same does the VM get the masked inputs.
final class InputTaking {
    private static final Logger LOG = LoggerFactory.getLogger(InputTaking.class);

    /// Of the digest A.
    static final int ANSWER_WORDS = 4;

    private final VmChannel channel;
    private final Turn turn;
    private final VmContext context;
    private final AskedInput asked;

    InputTaking(VmChannel channel, Turn turn, VmContext context, AskedInput asked) {
        this.channel = channel;
        this.turn = turn;
        this.context = context;
        this.asked = asked;
    }

    void run() throws IOException, DialogRefusedException {
        var facts = asked.facts();
        LOG.info("The VM waits for {} inputs of {}.", facts.shape().count(), facts.recipient());
        try (var awaited = context.await(asked)) {
            switch (search(awaited)) {
                case Given given -> hand(given);
                case Refused refused -> throw new DialogRefusedException(VmRefusal.INPUT_REFUSED);
                case Contradicts(var signed, var what) ->
                    throw cheating(
                            "The client signed an answer with other " + String.join(", ", what)
                                    + " than was asked for.",
                            signed);
                case NotYet notYet -> throw new IllegalStateException("A search ends with an answer.");
            }
        }
    }

    private Look search(AwaitedInput awaited) throws IOException, DialogRefusedException {
        var deadline = context.inputDeadline();
        context.awaits(asked.facts(), deadline);
        try {
            return search(awaited, deadline);
        } finally {
            context.isIdle();
        }
    }

    /// Hears meanwhile whether the VM has ended.
    private Look search(AwaitedInput awaited, Instant deadline) throws IOException, DialogRefusedException {
        for (var found = awaited.found(); ; found = awaited.found()) {
            if (found.isPresent()) {
                return found.get();
            }
            if (context.isPast(deadline)) {
                throw new DialogRefusedException(VmRefusal.INPUT_LATE);
            }
            if (context.stopping().isOverdue()) {
                throw new DialogRefusedException(VmRefusal.STOPPING);
            }
            channel.requireSilence();
        }
    }

    private void hand(Given given) throws IOException, DialogRefusedException {
        var facts = asked.facts();
        var own = given.statement().digest();
        var pairs = new PairsOfDigests(channel, context.party(), facts.parties().size());
        pairs.send(own);
        turn.vmReadsNext(1);
        // The other parties may still wait for their answers.
        var answers = othersAnswers(pairs, own);
        for (int party = 0; party < answers.size(); party++) {
            if (!answers.get(party).equals(List.of(own))) {
                throw cheating("P" + party + " holds another answer than this service.", given.signed());
            }
        }
        channel.writeWords(0);
        // What comes now is no message in which a refusal could stand.
        turn.vmReadsNext(0);
        send(given, facts);
    }

    private List<List<Bytes>> othersAnswers(PairsOfDigests pairs, Bytes own)
            throws IOException, DialogRefusedException {
        try {
            return pairs.read(List.of(own), context.inputTimeout());
        } catch (SocketTimeoutException e) {
            throw new DialogRefusedException(
                    VmRefusal.INPUT_LATE, "Another party did not hold the client's answer in time.");
        }
    }

    /// Clear elements in the size of shares, as MP-SPDZ reads them.
    private void send(Given given, DeliveryFacts facts) throws IOException {
        int size = Scheme.INPUT.elementDomain(facts.domain()).elementBytes();
        try (var masked = given.masked().open()) {
            for (int chunk = 0; chunk < facts.shape().chunkCount(); chunk++) {
                channel.writeElements(
                        masked,
                        facts.shape().valuesInChunk(chunk),
                        size,
                        facts.domain().elementBytes());
            }
        }
        LOG.info("The VM took {} inputs of {}.", facts.shape().count(), facts.recipient());
    }

    /// Who cheated shows only when the statements of both sides are compared.
    private DialogRefusedException cheating(String what, SignedInputStatement signed) {
        LOG.error(
                "{} The answer that this service holds, statement and signature: {} {}",
                what,
                signed.statement().toBase64Url(),
                signed.signature().toBase64Url());
        return new DialogRefusedException(VmRefusal.INPUT_DIFFERS, what);
    }
}
