// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.standin;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.shareferry.cbor.MalformedException;
import org.shareferry.crypto.Bytes;
import org.shareferry.crypto.Hkdf;
import org.shareferry.crypto.KeyStream;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.share.ElementVector;

/// Asks a client for inputs, takes them, and delivers them to the client unchanged. The random values that mask
/// them are real: each party derives its shares from its own secret seed. They are recomputed when needed, so that
/// only the masked inputs are in memory. A subclass may change the order of the actions.
public class InputProgram implements Program {
    /// The label of the first request, and of the delivery of its inputs.
    public static final int FIRST_LABEL = 8;

    private final Protocol protocol;
    private final Domain domain;
    private final RunId run;
    private final int party;
    private final int parties;
    private final List<Shape> shapes;
    private final int bits;
    private final SecretBytes seed = SecretBytes.random(KeyStream.KEY_SIZE);
    private final Map<String, Bytes> masked = new HashMap<>();

    /// @param protocol of the VM
    /// @param domain of the shares
    /// @param run the run's id, the same at all parties
    /// @param party the party's number
    /// @param parties N
    /// @param shapes of the requests, in order; request i and the delivery of its inputs have the label 8 + i
    /// @param bits of the inputs' integers
    public InputProgram(
            Protocol protocol, Domain domain, RunId run, int party, int parties, List<Shape> shapes, int bits) {
        this.protocol = protocol;
        this.domain = domain;
        this.run = run;
        this.party = party;
        this.parties = parties;
        this.shapes = List.copyOf(shapes);
        this.bits = bits;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public Domain domain() {
        return domain;
    }

    @Override
    public RunId run() {
        return run;
    }

    @Override
    public int party() {
        return party;
    }

    @Override
    public int parties() {
        return parties;
    }

    /// @return the requests, and then the deliveries of the inputs
    @Override
    public List<Output> outputs() {
        var outputs = new ArrayList<Output>();
        IntStream.range(0, shapes.size()).mapToObj(Random::new).forEach(outputs::add);
        IntStream.range(0, shapes.size()).mapToObj(Received::new).forEach(outputs::add);
        return outputs;
    }

    /// @return all requests, then all takes in reverse order, then the deliveries
    @Override
    public List<ProgramAction> actions() {
        var outputs = outputs();
        var actions = new ArrayList<ProgramAction>();
        outputs.subList(0, shapes.size()).forEach(output -> actions.add(new ProgramAction.HandOver(output)));
        for (int asked = shapes.size() - 1; asked >= 0; asked--) {
            actions.add(new ProgramAction.Take(asked));
        }
        outputs.subList(shapes.size(), outputs.size())
                .forEach(output -> actions.add(new ProgramAction.HandOver(output)));
        return actions;
    }

    @Override
    public void taken(int asked, int chunk, Bytes content) {
        masked.put(asked + " " + chunk, content);
    }

    /// @param the name of the random value; the result is the same each time, and known to this party only
    private ElementVector drawn(String what, int count) {
        var vector = ElementVector.zeros(domain, count);
        try (var key = Hkdf.derive(seed, "stand-in", List.of(Bytes.ascii(what)), KeyStream.KEY_SIZE)) {
            vector.fillUniformly(KeyStream.of(key));
        }
        return vector;
    }

    /// The common part of requests and deliveries.
    private abstract class Committed implements Output {
        private final int request;
        private final String masks;

        private Committed(int request, String masks) {
            this.request = request;
            this.masks = masks;
        }

        int request() {
            return request;
        }

        @Override
        public int recipient() {
            return 0;
        }

        @Override
        public Shape shape() {
            return shapes.get(request);
        }

        @Override
        public int precision() {
            return 0;
        }

        @Override
        public long label() {
            return FIRST_LABEL + request;
        }

        ElementVector random(int chunk) {
            return drawn("r " + request + " " + chunk, shape().valuesInChunk(chunk));
        }

        @Override
        public SecretBytes checkElements(int chunk) {
            if (shape().checkElementsInChunk(scheme(), chunk) == 0) {
                return SecretBytes.takeOver(new byte[0]);
            }
            try (var drawn = drawn(masks + " " + request, Scheme.MASKS)) {
                return drawn.encode();
            }
        }
    }

    /// r.
    private final class Random extends Committed {
        private Random(int request) {
            super(request, "masks of request");
        }

        @Override
        public Scheme scheme() {
            return Scheme.INPUT;
        }

        @Override
        public int bits() {
            return bits;
        }

        @Override
        public SecretBytes elements(int chunk) {
            try (var random = random(chunk)) {
                return random.encode();
            }
        }
    }

    /// x = m - r; one party's share includes m.
    private final class Received extends Committed {
        private Received(int request) {
            super(request, "masks of delivery");
        }

        @Override
        public Scheme scheme() {
            return Scheme.COMMITTED;
        }

        @Override
        public SecretBytes elements(int chunk) {
            var taken = masked.get(request() + " " + chunk);
            if (taken == null) {
                throw new IllegalStateException("The inputs were not taken.");
            }
            try (var encoded = SecretBytes.takeOver(taken.toArray());
                    var share = ElementVector.zeros(domain, shape().valuesInChunk(chunk));
                    var m = ElementVector.decode(domain, encoded);
                    var random = random(chunk)) {
                if (party == 0) {
                    share.add(m);
                }
                share.subtract(random);
                return share.encode();
            } catch (MalformedException e) {
                throw new IllegalStateException("The service sent an invalid element.", e);
            }
        }
    }
}
