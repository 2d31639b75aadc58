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
import org.shareferry.party.input.AnswerFetch;
import org.shareferry.party.input.AnswerFetch.Contradicts;
import org.shareferry.party.input.AnswerFetch.Given;
import org.shareferry.party.input.AnswerFetch.NotYet;
import org.shareferry.party.input.AnswerFetch.Refused;
import org.shareferry.party.input.InputRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Delivers inputs to the VM: waits for the client's answer, verifies it, and compares its digest with those of the
/// other parties. The VM gets the masked inputs only if all parties have the same answer.
final class InputTransfer {
    private static final Logger LOG = LoggerFactory.getLogger(InputTransfer.class);

    /// Words of the digest A.
    static final int ANSWER_WORDS = 4;

    private final VmChannel channel;
    private final NextMessage nextMessage;
    private final VmContext context;
    private final InputRequest request;

    InputTransfer(VmChannel channel, NextMessage nextMessage, VmContext context, InputRequest request) {
        this.channel = channel;
        this.nextMessage = nextMessage;
        this.context = context;
        this.request = request;
    }

    void run() throws IOException, DialogRefusedException {
        var facts = request.facts();
        LOG.info("The VM waits for {} inputs of {}.", facts.shape().count(), facts.recipient());
        try (var poll = context.await(request)) {
            switch (awaitAnswer(poll)) {
                case Given given -> handOver(given);
                case Refused refused -> throw new DialogRefusedException(VmRefusal.INPUT_REFUSED);
                case Contradicts(var signed, var what) ->
                    throw cheating(
                            "The client's signed answer differs from the request in: " + String.join(", ", what) + ".",
                            signed);
                case NotYet notYet -> throw new IllegalStateException("Polling must end with an answer.");
            }
        }
    }

    private AnswerFetch awaitAnswer(AnswerPoll poll) throws IOException, DialogRefusedException {
        var deadline = context.inputDeadline();
        context.setAwaiting(request.facts(), deadline);
        try {
            return awaitAnswer(poll, deadline);
        } finally {
            context.setIdle();
        }
    }

    /// Notices meanwhile if the VM ends.
    private AnswerFetch awaitAnswer(AnswerPoll poll, Instant deadline) throws IOException, DialogRefusedException {
        for (var result = poll.result(); ; result = poll.result()) {
            if (result.isPresent()) {
                return result.get();
            }
            if (context.isPast(deadline)) {
                throw new DialogRefusedException(VmRefusal.INPUT_LATE);
            }
            if (context.shutdown().isOverdue()) {
                throw new DialogRefusedException(VmRefusal.STOPPING);
            }
            channel.requireSilence();
        }
    }

    private void handOver(Given given) throws IOException, DialogRefusedException {
        var facts = request.facts();
        var own = given.statement().digest();
        var pairs = new DigestExchange(channel, context.party(), facts.parties().size());
        pairs.send(own);
        nextMessage.hasWords(1);
        // The other parties may still be waiting for their answers.
        var answers = othersAnswers(pairs, own);
        for (int party = 0; party < answers.size(); party++) {
            if (!answers.get(party).equals(List.of(own))) {
                throw cheating("P" + party + " has a different answer than this service.", given.signed());
            }
        }
        channel.writeWords(0);
        // The next message to the VM is data and cannot carry a refusal.
        nextMessage.hasWords(0);
        send(given, facts);
    }

    private List<List<Bytes>> othersAnswers(DigestExchange pairs, Bytes own)
            throws IOException, DialogRefusedException {
        try {
            return pairs.read(List.of(own), context.inputTimeout());
        } catch (SocketTimeoutException e) {
            throw new DialogRefusedException(
                    VmRefusal.INPUT_LATE, "Another party did not get the client's answer in time; see its log.");
        }
    }

    /// Sends clear elements in the size of shares, as MP-SPDZ reads them.
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

    /// Comparing the statements of both parties shows who cheated.
    private DialogRefusedException cheating(String what, SignedInputStatement signed) {
        LOG.error(
                "{} Compare this with the answers at the other parties. Statement and signature here: {} {}",
                what,
                signed.statement().toBase64Url(),
                signed.signature().toBase64Url());
        return new DialogRefusedException(VmRefusal.INPUT_DIFFERS, what);
    }
}
