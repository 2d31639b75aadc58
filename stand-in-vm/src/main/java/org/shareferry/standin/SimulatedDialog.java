// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.shareferry.check.CoinStretch;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.crypto.Sha256;
import org.shareferry.delivery.Scheme;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.mpspdz.DialogHead;
import org.shareferry.mpspdz.Greeting;
import org.shareferry.mpspdz.OrderedPairs;
import org.shareferry.mpspdz.Specification;
import org.shareferry.standin.FaultInjection.Position;
import org.shareferry.standin.FaultInjection.Step;
import org.shareferry.standin.MessageChannel.StoppedException;
import org.shareferry.standin.VmNetwork.GoneException;

/// One party's side of the dialog, step by step as a VM with the module `shareferry.py` runs it.
final class SimulatedDialog {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BEFORE = -1;

    private final Program program;
    private final VmNetwork network;
    private final FaultInjection faults;
    private final Supplier<MessageChannel> socket;
    private final int party;
    private final int parties;
    private final List<Output> handedOver = new ArrayList<>();

    /// @param socket looks the client's socket up for each message, as MP-SPDZ does
    SimulatedDialog(Program program, VmNetwork network, FaultInjection faults, Supplier<MessageChannel> socket) {
        this.program = program;
        this.network = network;
        this.faults = faults;
        this.socket = socket;
        this.party = program.party();
        this.parties = program.parties();
    }

    /// The MAC check failed, because a party used different masked inputs.
    static final class MacCheckException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /// @return the number of deliveries, asks and takes
    int run() throws IOException, StoppedException, GoneException, InterruptedException, MacCheckException {
        send(Step.SPECIFICATION, BEFORE, 0, Specification.encode(program.domain()));
        var run = program.run();
        var greeting = Greeting.of(run, party, parties, program.threshold());
        send(Step.GREETING, BEFORE, 0, MessageChannel.bytes(greeting.words()));
        send(Step.KIND, BEFORE, 0, Bytes.of(new byte[program.wholeShareBytes()]));
        var made = socket.get().words(2 * parties + Dialog.SECRET_WORDS);
        var secret = Arrays.copyOfRange(made, 2 * parties, made.length);
        exchange(Step.KEYS, BEFORE, to -> MessageChannel.bytes(made[to], made[parties + to]));
        var actions = program.actions();
        for (int done = 0; done < actions.size(); done++) {
            faults.betweenDeliveries(done);
            requireService(secret);
            switch (actions.get(done)) {
                case ProgramAction.HandOver(var output) -> {
                    handedOver.add(output);
                    deliver(handedOver.size() - 1, output);
                }
                case ProgramAction.Take(int asked) -> take(asked, done);
            }
        }
        faults.betweenDeliveries(actions.size());
        return actions.size();
    }

    /// The check of the module before it writes a head. The secret after the last delivery is never read.
    private void requireService(long[] secret) throws IOException, StoppedException {
        if (!Arrays.equals(socket.get().words(Dialog.SECRET_WORDS), secret)) {
            throw new IOException("The client on the socket is not the party-service.");
        }
    }

    private static Bytes head(int sequence, Output output, long what) {
        return MessageChannel.bytes(new DialogHead(
                        sequence,
                        output.recipient(),
                        what,
                        output.shape().count(),
                        output.shape().valuesPerChunk(),
                        output.precision(),
                        output.label(),
                        output.bits())
                .words());
    }

    /// @param done distinguishes repeated takes
    private void take(int asked, int done)
            throws IOException, StoppedException, GoneException, InterruptedException, MacCheckException {
        var output = handedOver.get(asked);
        send(Step.TAKE, asked, 0, head(asked, output, DialogHead.TAKE));
        var digest = MessageChannel.bytes(socket.get().words(4));
        exchange(Step.ANSWER, asked, to -> digest);
        requireZero();
        var hash = Sha256.begin();
        var shape = output.shape();
        for (int chunk = 0; chunk < shape.chunkCount(); chunk++) {
            int bytes = shape.valuesInChunk(chunk) * program.domain().elementBytes();
            var masked = faults.receives(
                    new Position(Step.MASKED, asked, chunk), socket.get().elements(bytes));
            hash.add(masked);
            program.taken(asked, chunk, masked);
        }
        var all = network.exchange("masked of " + asked + " at " + done, party, hash.digest());
        if (program.protocol().hasOwnChecks() && all.stream().distinct().count() > 1) {
            throw new MacCheckException();
        }
    }

    private void requireZero() throws IOException, StoppedException {
        long answer = socket.get().words(1)[0];
        if (answer != 0) {
            throw new StoppedException(answer);
        }
    }

    private void deliver(int delivery, Output output)
            throws IOException, StoppedException, GoneException, InterruptedException {
        send(Step.HEAD, delivery, 0, head(delivery, output, output.scheme().code()));
        for (int chunk = 0; chunk < output.shape().chunkCount(); chunk++) {
            elements(new Position(Step.ELEMENTS, delivery, chunk), output.elements(chunk));
            if (output.scheme().elementsPerTail() > 0) {
                elements(new Position(Step.TAIL, delivery, chunk), output.checkElements(chunk));
            }
        }
        if (output.scheme().isCommitted()) {
            int last = output.shape().chunkCount() - 1;
            elements(new Position(Step.MASKS, delivery, 0), output.checkElements(last));
            commit(delivery, output);
        }
        requireZero();
    }

    /// @param elements closed here
    private void elements(Position position, SecretBytes elements) throws IOException {
        try (elements) {
            send(position, Bytes.of(elements.reveal()));
        }
    }

    private void commit(int delivery, Output output)
            throws IOException, StoppedException, GoneException, InterruptedException {
        var commitment = MessageChannel.bytes(socket.get().words(8));
        exchange(Step.COMMITMENT, delivery, to -> commitment);
        var coinShare = MessageChannel.bytes(socket.get().words(4));
        exchange(Step.COIN_SHARE, delivery, to -> coinShare);
        long rows = CoinStretch.rows(output.shape().count());
        var offsets = socket.get().words(Math.toIntExact(CoinStretch.TABLES * rows));
        var bits = socket.get().words(CoinStretch.BIT_WORDS);
        var position = new Position(Step.COMBINATIONS, delivery, 0);
        var share = faults.opens(position, OpenedCombinations.share(program.domain(), output, offsets, bits));
        var shares = network.exchange("combinations of " + delivery, party, share);
        var opened = OpenedCombinations.open(Scheme.COMMITTED.elementDomain(program.domain()), shares);
        send(Step.COMBINATIONS, delivery, 0, opened);
    }

    private interface MessageTo {
        Bytes to(int party);
    }

    /// Sends a message to every other party, and passes the words of all ordered pairs on to the service. Words for
    /// other parties are random.
    private void exchange(Step step, int delivery, MessageTo telling)
            throws IOException, GoneException, InterruptedException {
        var position = new Position(step, delivery, 0);
        List<Bytes> told = new ArrayList<>();
        for (int to = 0; to < parties; to++) {
            told.add(faults.tells(position, to, telling.to(to)));
        }
        var all = network.exchange(step + " of " + delivery, party, told);
        int pairs = parties * (parties - 1);
        int perPair = told.getFirst().size() / Long.BYTES;
        var words = RANDOM.longs((long) pairs * perPair).toArray();
        for (int from = 0; from < parties; from++) {
            if (from != party) {
                var heard = MessageChannel.wordsOf(all.get(from).get(party));
                int pair = OrderedPairs.index(from, party, parties);
                for (int word = 0; word < perPair; word++) {
                    words[word * pairs + pair] = heard[word];
                }
            }
        }
        send(step, delivery, 0, MessageChannel.bytes(words));
    }

    private void send(Step step, int delivery, int chunk, Bytes content) throws IOException {
        send(new Position(step, delivery, chunk), content);
    }

    private void send(Position position, Bytes content) throws IOException {
        socket.get().send(faults.sends(position, content));
    }
}
