// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.party.handover.rest;

import java.util.Optional;
import org.shareferry.crypto.SecretBytes;
import org.shareferry.envelope.DeliveryFacts;
import org.shareferry.party.seal.ShareSealer;

/// Collects the properties of one chunk: its elements and, in batched, the tail that follows them. Both go into one
/// envelope.
final class ChunkContent implements AutoCloseable {
    private final DeliveryFacts facts;
    private final int index;
    private Optional<SecretBytes> elements = Optional.empty();
    private Optional<SecretBytes> tail = Optional.empty();

    ChunkContent(DeliveryFacts facts, int index) {
        this.facts = facts;
        this.index = index;
    }

    /// Reads the value of a property.
    ///
    /// @throws InvalidHandOverException when the property is unknown or repeated, or has the wrong length
    void read(String property, BodyReader body) throws InvalidHandOverException {
        switch (property) {
            case "elements" -> {
                checkIsFirst(property, elements);
                elements = Optional.of(bytes(body, "values", Math.toIntExact(ShareSealer.valuesSize(facts, index))));
            }
            case "tail" -> {
                if (tailSize() == 0) {
                    throw InvalidHandOverException.unfit(
                            "Chunk " + index + " has a tail, but this scheme has no tail.");
                }
                if (elements.isEmpty()) {
                    throw InvalidHandOverException.malformed(
                            "The tail of chunk " + index + " must follow its elements.");
                }
                checkIsFirst(property, tail);
                tail = Optional.of(bytes(body, "tail", tailSize()));
            }
            default -> throw BodyReader.unknown("A chunk", property);
        }
    }

    private void checkIsFirst(String property, Optional<SecretBytes> read) throws InvalidHandOverException {
        if (read.isPresent()) {
            throw InvalidHandOverException.malformed(
                    "Chunk " + index + " has the property \"" + property + "\" twice.");
        }
    }

    private SecretBytes bytes(BodyReader body, String part, int size) throws InvalidHandOverException {
        return body.bytes("chunk " + index + " (" + part + ")", size);
    }

    private int tailSize() {
        return ShareSealer.checkElementsSize(facts, index);
    }

    /// @return the content of the chunk's envelope; the caller closes it
    /// @throws InvalidHandOverException when a property is missing
    SecretBytes take() throws InvalidHandOverException {
        if (elements.isEmpty() || tail.isPresent() != tailSize() > 0) {
            throw InvalidHandOverException.unfit(
                    "Chunk " + index + " lacks its " + (elements.isPresent() ? "tail." : "elements."));
        }
        if (tail.isPresent()) {
            return SecretBytes.join(elements.get(), tail.get());
        }
        var taken = elements.get();
        elements = Optional.empty();
        return taken;
    }

    @Override
    public void close() {
        elements.ifPresent(SecretBytes::close);
        tail.ifPresent(SecretBytes::close);
    }
}
