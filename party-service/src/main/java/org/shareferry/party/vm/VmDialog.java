// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.vm;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.member.MemberName;
import org.shareferry.mpspdz.CapturedDialog;
import org.shareferry.mpspdz.OrderedPairs;
import org.shareferry.mpspdz.Specification;
import org.shareferry.share.PairwiseKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/// The dialog of one connection: greeting, pairwise keys, and then one delivery after the other until the VM
/// closes. Whatever does not fit ends it with a refusal, told in place of the message that the VM reads next
/// and as long as that message: the number first, zeros behind it.
final class VmDialog {
    private static final Logger LOG = LoggerFactory.getLogger(VmDialog.class);
    private static final int MAX_SPECIFICATION = 256;
    private static final int GREETING_WORDS = 6;
    private static final int HEAD_WORDS = 7;

    /// Below 2^66 a 64-bit word does not survive the way through a register of the field.
    private static final int MIN_PRIME_BITS = 67;

    private final VmChannel channel;
    private final VmSite site;
    private final Turn turn;

    VmDialog(VmChannel channel, VmSite site) {
        this.channel = channel;
        this.site = site;
        this.turn = new Turn(channel);
    }

    /// Runs until the VM closes the connection, is refused, or an error ends it.
    ///
    /// @return why the VM was told to stop, if it was
    Optional<VmRefusal> run() throws IOException {
        try {
            greet();
            return Optional.empty();
        } catch (DialogRefusedException e) {
            LOG.error("The VM is told to stop with error {}: {}", e.why().number(), e.getMessage());
            return refuse(e.why());
        } catch (SocketTimeoutException e) {
            LOG.error("The VM is told to stop: its next message is overdue (shareferry.party.vm.patience).");
            return refuse(VmRefusal.STOPPING);
        } catch (DataAccessException | TransactionException e) {
            LOG.error("The VM is told to stop: the database did not take its shares.", e);
            return refuse(VmRefusal.STORE);
        } catch (RuntimeException e) {
            LOG.error("The VM is told to stop: this service failed.", e);
            return refuse(VmRefusal.INTERNAL);
        }
    }

    private Optional<VmRefusal> refuse(VmRefusal why) throws IOException {
        try {
            if (turn.refuse(why.number())) {
                channel.drain();
            }
        } catch (SocketTimeoutException e) {
            LOG.debug("A VM that was told to stop neither went on nor closed the connection.", e);
        }
        return Optional.of(why);
    }

    private void greet() throws IOException, DialogRefusedException {
        var specification = channel.readUpTo(MAX_SPECIFICATION);
        var greeting = channel.readWords(GREETING_WORDS);
        if (greeting[5] < 2 || greeting[5] > DeliveryFacts.MAX_PARTIES) {
            throw new DialogRefusedException(greeting[0] == CapturedDialog.MAGIC ? VmRefusal.PARTIES : VmRefusal.MAGIC);
        }
        int parties = (int) greeting[5];
        turn.vmReadsNext(2L * parties);
        check(greeting[0] == CapturedDialog.MAGIC, VmRefusal.MAGIC);
        check(greeting[1] == CapturedDialog.VERSION, VmRefusal.VERSION);
        var domain = domain(specification);
        site.checkParties(greeting[4], parties);
        var run = new RunId(greeting[2], greeting[3]);
        try (var context = MDC.putCloseable("run", run.toString())) {
            site.runs(run);
            LOG.info("The VM began to speak: run {}, {} parties, {}.", run, parties, domain);
            try (var keys = exchangeKeys(parties)) {
                deliver(new Computation(domain, run, parties, keys));
            }
            LOG.info("The VM closed the connection in good order.");
        }
    }

    /// What holds for the whole connection.
    private record Computation(Domain domain, RunId run, int parties, PairwiseKeys keys) {}

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
                        "Primes below 2^66 are too small for the words of this dialog; run the VM with a larger one.");
            }
            return domain;
        } catch (MalformedException e) {
            throw new DialogRefusedException(VmRefusal.DOMAIN, e.reason());
        }
    }

    /// Sends fresh keys for the other parties, and reads those they made for us.
    private PairwiseKeys exchangeKeys(int parties) throws IOException, DialogRefusedException {
        var made = new TreeMap<Integer, SecretBytes>();
        Map<MemberName, PairwiseKeys.Pair> pairs = new TreeMap<>();
        try {
            for (int other = 0; other < parties; other++) {
                if (other != site.party()) {
                    made.put(other, freshKey());
                }
            }
            sendKeys(made, parties);
            int count = parties * (parties - 1);
            try (var received = channel.readSecret(2 * count * Long.BYTES)) {
                made.forEach((other, key) -> {
                    int entry = OrderedPairs.index(other, site.party(), parties);
                    pairs.put(MemberName.party(other), new PairwiseKeys.Pair(key, key(received, entry, count)));
                });
            }
            return PairwiseKeys.of(MemberName.party(site.party()), pairs);
        } finally {
            made.values().forEach(SecretBytes::close);
            pairs.values().forEach(pair -> pair.received().close());
        }
    }

    /// A word that is zero is drawn again: zeros behind a number are a refusal.
    private static SecretBytes freshKey() {
        while (true) {
            var key = SecretBytes.random(PairwiseKeys.KEY_SIZE);
            if (word(key, 0) != 0 && word(key, 1) != 0) {
                return key;
            }
            key.close();
        }
    }

    private void sendKeys(Map<Integer, SecretBytes> made, int parties) throws IOException {
        var words = new long[2 * parties];
        made.forEach((other, key) -> {
            words[other] = word(key, 0);
            words[parties + other] = word(key, 1);
        });
        channel.writeWords(words);
    }

    private static long word(SecretBytes bytes, int index) {
        return ByteBuffer.wrap(bytes.reveal()).order(ByteOrder.LITTLE_ENDIAN).getLong(index * Long.BYTES);
    }

    private static SecretBytes key(SecretBytes received, int entry, int count) {
        return SecretBytes.takeOver(ByteBuffer.allocate(PairwiseKeys.KEY_SIZE)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(word(received, entry))
                .putLong(word(received, count + entry))
                .array());
    }

    private void deliver(Computation computation) throws IOException, DialogRefusedException {
        // Until the head of a delivery says more, the VM reads the acknowledgement next.
        turn.vmReadsNext(1);
        for (long sequence = 0; channel.hasNext(); sequence++) {
            var head = channel.readWords(HEAD_WORDS);
            if (head[2] == Scheme.COMMITTED.code()) {
                turn.vmReadsNext(CommittedClosing.COMMITMENT_WORDS);
            }
            check(head[0] == sequence, VmRefusal.SEQUENCE);
            var facts = facts(computation, head);
            try (var context = MDC.putCloseable("delivery", facts.id().toString());
                    var delivery = site.begin(facts, computation.keys())) {
                read(delivery);
            }
            turn.vmReadsNext(1);
            channel.writeWords(0);
        }
    }

    private void read(VmDelivery delivery) throws IOException, DialogRefusedException {
        delivery.readChunks(channel);
        if (delivery.facts().scheme() == Scheme.COMMITTED) {
            delivery.readMasks(channel);
            new CommittedClosing(channel, turn, delivery, site.party()).run();
        }
        delivery.complete();
    }

    private DeliveryFacts facts(Computation computation, long[] head) throws DialogRefusedException {
        var id = new DeliveryId(computation.run(), head[0]);
        check(head[1] >= 0 && head[1] <= 9999, VmRefusal.RECIPIENT);
        var recipient = MemberName.client((int) head[1]);
        var scheme = scheme(head[2]);
        check(head[4] > 0 && head[4] <= Shape.MAX_VALUES_PER_CHUNK && head[5] >= 0 && head[5] <= 255, VmRefusal.SIZE);
        try {
            List<MemberName> parties = new ArrayList<>();
            for (int party = 0; party < computation.parties(); party++) {
                parties.add(MemberName.party(party));
            }
            return new DeliveryFacts(
                    id,
                    new Shape(head[3], (int) head[4]),
                    computation.domain(),
                    scheme,
                    (int) head[5],
                    head[6],
                    recipient,
                    parties,
                    site.protocol(),
                    mayHaveMacs(computation.domain()));
        } catch (IllegalArgumentException e) {
            throw new DialogRefusedException(VmRefusal.SIZE);
        }
    }

    private static Scheme scheme(long code) throws DialogRefusedException {
        try {
            return Scheme.ofCode(code);
        } catch (IllegalArgumentException e) {
            throw new DialogRefusedException(VmRefusal.SCHEME);
        }
    }

    /// The module has the VM check all MACs before anything leaves it. Where a ring has no spare bits, there
    /// are none; whether a protocol over a field has some, the client judges by the protocol's name.
    private static boolean mayHaveMacs(Domain domain) {
        return !(domain instanceof Domain.Ring ring) || ring.spareBits() > 0;
    }
}
