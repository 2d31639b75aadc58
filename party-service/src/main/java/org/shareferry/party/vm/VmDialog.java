// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.mpspdz.Dialog;
import org.shareferry.mpspdz.DialogHead;
import org.shareferry.mpspdz.Greeting;
import org.shareferry.mpspdz.Specification;
import org.shareferry.party.input.InputRequest;
import org.shareferry.share.PairwiseKeys;
import org.shareferry.site.canary.VmKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The dialog of one connection: greeting, pairwise keys, and then one delivery after the other until the VM closes
/// the connection. Any violation ends it with a refusal, which replaces the message that the VM reads next and has
/// its length: a number followed by zeros.
final class VmDialog {
    private static final Logger LOG = LoggerFactory.getLogger(VmDialog.class);
    private static final int MAX_SPECIFICATION = 256;

    /// Words of the greeting in earlier versions of the dialog.
    private static final int OLD_GREETING_WORDS = 6;

    /// The maximum number of bytes of one whole share. Shares of known protocols have at most 4 elements of 32
    /// bytes.
    private static final int MAX_WHOLE_SHARE = 1024;

    private static final int MAX_CLIENT = 9999;
    private static final int MAX_PRECISION = 255;

    /// The maximum number of parties for which the VM can still be sent the refusal that there are too many.
    private static final int MAX_REFUSABLE_PARTIES = 1 << 16;

    /// A prime below 2^66 cannot hold a 64-bit word in a register of the field.
    private static final int MIN_PRIME_BITS = 67;

    private final VmChannel channel;
    private final VmContext context;
    private final NextMessage nextMessage;
    private final DialogLogContext logContext = new DialogLogContext();
    private final InputRequests inputRequests = new InputRequests();
    private final NextKeyAgreement nextAgreement;

    VmDialog(VmChannel channel, VmContext context) {
        this.channel = channel;
        this.context = context;
        this.nextMessage = new NextMessage(channel);
        this.nextAgreement = new NextKeyAgreement(context);
    }

    /// Runs until the VM closes the connection, is refused, or an error ends it.
    /// @return the refusal sent to the VM, if there was one
    Optional<VmRefusal> run() throws IOException {
        try (logContext;
                nextAgreement) {
            return runOrRefuse();
        }
    }

    private Optional<VmRefusal> runOrRefuse() throws IOException {
        try {
            greet();
            return Optional.empty();
        } catch (DialogRefusedException e) {
            LOG.error("{}: {}", stopped(e.why()), e.getMessage());
            return refuse(e.why());
        } catch (SocketTimeoutException e) {
            LOG.error(
                    "{}: its next message is overdue (shareferry.party.vm.message-timeout).",
                    stopped(VmRefusal.STOPPING));
            return refuse(VmRefusal.STOPPING);
        } catch (DataAccessException | TransactionException e) {
            LOG.error("{}: database error.", stopped(VmRefusal.STORE), e);
            return refuse(VmRefusal.STORE);
        } catch (RuntimeException e) {
            LOG.error("{}: unexpected error.", stopped(VmRefusal.INTERNAL), e);
            return refuse(VmRefusal.INTERNAL);
        }
    }

    private String stopped(VmRefusal why) {
        return "Stopping the VM's program" + logContext.description() + ", error " + why.number();
    }

    private Optional<VmRefusal> refuse(VmRefusal why) throws IOException {
        if (nextMessage.refuse(why.number())) {
            channel.drain();
        } else {
            LOG.error("The VM cannot be sent the reason, because the length of its next message is unknown. Closing"
                    + " the connection.");
        }
        return Optional.of(why);
    }

    private void greet() throws IOException, DialogRefusedException {
        var specification = channel.readUpTo(MAX_SPECIFICATION);
        var greeting = greeting();
        int parties = parties(greeting.parties());
        var domain = domain(specification);
        context.checkParties(greeting.party(), parties);
        context.checkKind(new VmKind(domain, parties, greeting.threshold(), wholeShare(domain)));
        var run = greeting.run();
        context.registerRun(run);
        LOG.info("The VM began a dialog: run {}, {} parties, {}.", run, parties, domain);
        try (var secret = KeyExchange.freshKey()) {
            var exchange = new KeyExchange(channel, nextMessage, context.party(), parties, secret);
            try (var keys = exchange.run()) {
                deliver(new Computation(domain, run, parties, (int) greeting.threshold(), keys), exchange);
            }
        }
    }

    /// Reads the shorter greeting of an earlier version too, so that its VM can be sent the reason for the refusal.
    private Greeting greeting() throws IOException, DialogRefusedException {
        var words = channel.readWordsOf(OLD_GREETING_WORDS, Greeting.WORDS);
        long parties = words.get(Greeting.PARTIES);
        if (parties > 0 && parties <= MAX_REFUSABLE_PARTIES) {
            nextMessage.hasWords(2 * parties + Dialog.SECRET_WORDS);
        }
        check(words.getFirst() == Dialog.MAGIC, VmRefusal.MAGIC);
        var run = new RunId(words.get(2), words.get(3));
        logContext.inRun(run);
        context.setRun(run);
        check(words.size() == Greeting.WORDS && words.get(1) == Dialog.VERSION, VmRefusal.VERSION);
        return Greeting.parse(words);
    }

    /// Reads the whole share of zero that the VM writes, as in MP-SPDZ's `write_fully_to_socket`.
    ///
    /// @return its number of elements
    private int wholeShare(Domain domain) throws IOException, DialogRefusedException {
        var share = channel.readUpTo(MAX_WHOLE_SHARE);
        if (share.size() == 0 || share.size() % domain.elementBytes() != 0) {
            throw new DialogRefusedException(
                    VmRefusal.LENGTH,
                    "The share of zero has " + share.size() + " bytes, which is not a multiple of "
                            + domain.elementBytes()
                            + ".");
        }
        if (!share.equals(Bytes.of(new byte[share.size()]))) {
            throw new DialogRefusedException(VmRefusal.PROTOCOL, "The VM's share of the constant 0 is not all zeros.");
        }
        return share.size() / domain.elementBytes();
    }

    private static int parties(long count) throws DialogRefusedException {
        if (count < 2 || count > DeliveryFacts.MAX_PARTIES) {
            throw new DialogRefusedException(
                    VmRefusal.PARTIES,
                    "The computation has " + count + " parties; 2 to " + DeliveryFacts.MAX_PARTIES + " are supported.");
        }
        return (int) count;
    }

    /// The parameters of the whole connection.
    private record Computation(Domain domain, RunId run, int parties, int threshold, PairwiseKeys keys) {}

    private static void check(boolean holds, VmRefusal orElse) throws DialogRefusedException {
        if (!holds) {
            throw new DialogRefusedException(orElse);
        }
    }

    private static Domain domain(Bytes specification) throws DialogRefusedException {
        try {
            var domain = Specification.parse(specification);
            if (domain instanceof Domain.PrimeField field && field.modulus().bitLength() < MIN_PRIME_BITS) {
                throw new DialogRefusedException(
                        VmRefusal.DOMAIN,
                        "Primes below 2^66 are too small for the words of this dialog; run"
                                + " the VM with a larger prime.");
            }
            return domain;
        } catch (MalformedException e) {
            throw new DialogRefusedException(VmRefusal.DOMAIN, e.reason());
        }
    }

    private void deliver(Computation computation, KeyExchange exchange) throws IOException, DialogRefusedException {
        for (long sequence = 0; hasNext(exchange, new DeliveryId(computation.run(), sequence)); ) {
            var head = DialogHead.parse(channel.readWordsOf(DialogHead.WORDS));
            nextMessage.hasWords(answerWords(head.what()));
            if (head.what() == DialogHead.TAKE) {
                take(head);
            } else {
                check(head.sequence() == sequence, VmRefusal.SEQUENCE);
                deliver(computation, head);
                sequence++;
            }
            logContext.betweenDeliveries();
        }
        if (context.shutdown().hasBegun()) {
            LOG.info("This service is stopping and closes the connection to the VM between two deliveries.");
        } else {
            LOG.info("The VM closed the connection between two deliveries.");
        }
    }

    /// The number of words that the VM reads after a head: the acknowledgement of a delivery, the digest of an
    /// answer, or digest and commitment. A VM with an unknown head reads no more than these.
    private static int answerWords(long what) {
        if (what == DialogHead.TAKE) {
            return InputTransfer.ANSWER_WORDS;
        }
        boolean isAcknowledged = what >= Scheme.ADDITIVE.code() && what <= Scheme.BATCHED.code();
        return isAcknowledged ? 1 : CommittedClosing.COMMITMENT_WORDS;
    }

    private void deliver(Computation computation, DialogHead head) throws IOException, DialogRefusedException {
        logContext.inDelivery(new DeliveryId(computation.run(), head.sequence()));
        var facts = facts(computation, head);
        try (var delivery = context.begin(facts, computation.keys(), nextAgreement.take(facts.recipient()))) {
            var closing = read(delivery);
            if (facts.scheme() == Scheme.INPUT) {
                inputRequests.add(head, new InputRequest(facts, closing.orElseThrow()));
            }
        }
        channel.writeWords(0);
    }

    private void take(DialogHead head) throws IOException, DialogRefusedException {
        var request = inputRequests.take(head);
        logContext.inDelivery(request.facts().id());
        new InputTransfer(channel, nextMessage, context, request).run();
    }

    /// Sends the secret, prepares the next delivery while the VM computes, and waits for its head. The VM does not
    /// read the secret after the last delivery, so the connection of a finished program is reset instead of closed.
    private boolean hasNext(KeyExchange exchange, DeliveryId next) {
        try {
            exchange.sendSecret();
            nextAgreement.prepare(next);
            return channel.hasNext();
        } catch (IOException e) {
            LOG.debug("The connection to the VM ended between two deliveries.", e);
            return false;
        }
    }

    /// @return SHA-256 of the closing words' encoding, if there are some
    private Optional<Bytes> read(VmDelivery delivery) throws IOException, DialogRefusedException {
        delivery.readChunks(channel);
        Optional<Bytes> closing = delivery.facts().scheme().isCommitted()
                ? Optional.of(new CommittedClosing(channel, nextMessage, delivery, context.party()).run())
                : Optional.empty();
        delivery.complete();
        return closing;
    }

    private DeliveryFacts facts(Computation computation, DialogHead head) throws DialogRefusedException {
        var id = new DeliveryId(computation.run(), head.sequence());
        check(head.client() >= 0 && head.client() <= MAX_CLIENT, VmRefusal.RECIPIENT);
        var recipient = MemberName.client((int) head.client());
        var scheme = scheme(head.what());
        check(!scheme.isCommitted() || head.count() <= CommittedClosing.MAX_VALUES, VmRefusal.SIZE);
        check(isWithin(head.valuesPerChunk(), 1, Shape.MAX_VALUES_PER_CHUNK), VmRefusal.SIZE);
        check(isWithin(head.precision(), 0, MAX_PRECISION), VmRefusal.SIZE);
        try {
            List<MemberName> parties = new ArrayList<>();
            for (int party = 0; party < computation.parties(); party++) {
                parties.add(MemberName.party(party));
            }
            return new DeliveryFacts(
                    id,
                    new Shape(head.count(), (int) head.valuesPerChunk()),
                    computation.domain(),
                    scheme,
                    (int) head.precision(),
                    head.label(),
                    recipient,
                    parties,
                    context.protocol(),
                    context.hasOwnChecks(),
                    true,
                    computation.threshold(),
                    Math.toIntExact(head.bits()),
                    context.program());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new DialogRefusedException(VmRefusal.SIZE);
        }
    }

    private static boolean isWithin(long value, long least, long most) {
        return value >= least && value <= most;
    }

    private static Scheme scheme(long code) throws DialogRefusedException {
        try {
            return Scheme.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new DialogRefusedException(VmRefusal.SCHEME);
        }
    }
}
