// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.client.input;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.PartySet;
import org.shareferry.json.JsonFault;
import org.shareferry.member.MemberName;
import org.shareferry.service.problem.ProblemException;

/// Parameters by name, from JSON or from a query.
record Parameters(Map<String, List<String>> byName) {
    private static final Set<String> LISTS = Set.of("parties", "protocols", "acceptUnverified");
    private static final Set<String> OF_INPUTS = Set.of(
            "label", "parties", "protocols", "until", "precision", "bits", "times", "acceptUnverified", "program");

    Parameters {
        byName = Map.copyOf(byName);
    }

    /// @param query from the container; list items are separated by commas
    static Parameters ofQuery(Map<String, String[]> query) {
        var byName = new LinkedHashMap<String, List<String>>();
        query.forEach((name, values) -> {
            var items = new ArrayList<String>();
            for (var value : values) {
                items.addAll(LISTS.contains(name) ? List.of(value.split(",", -1)) : List.of(value));
            }
            byName.put(name, items);
        });
        return new Parameters(byName);
    }

    /// @throws ProblemException when there are other parameters
    void requireOnly(Set<String> names) {
        byName.keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw InputEncoder.invalid("Unknown parameter \"" + JsonFault.printable(name) + "\".");
                });
    }

    /// @param more allowed names in addition to those of an input
    InputParameters toInput(Set<String> more) {
        var names = new HashSet<>(OF_INPUTS);
        names.addAll(more);
        requireOnly(names);
        return new InputParameters(
                one("label", "an integer of 64 bits", Long::valueOf),
                parties(),
                list("protocols"),
                one("until", "a time such as 2026-01-01T12:00:00Z", Parameters::time),
                optional("precision", "an integer", Integer::valueOf).orElse(0),
                one("bits", "an integer", Integer::valueOf),
                optional("times", "an integer", Integer::valueOf).orElse(1),
                list("acceptUnverified"),
                optional("program", "64 hex digits", Bytes::fromHex).orElse(Bytes.empty()));
    }

    private static Instant time(String text) {
        try {
            // The database stores milliseconds in 64 bits.
            return Instant.ofEpochMilli(Instant.parse(text).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private PartySet parties() {
        return parsed(
                "parties",
                "party names such as P0, each once, at least two",
                byName.getOrDefault("parties", List.of()),
                names -> new PartySet(
                        names.stream().map(MemberName::parse).sorted().toList()));
    }

    SortedSet<String> list(String name) {
        return new TreeSet<>(byName.getOrDefault(name, List.of()));
    }

    <T> Optional<T> optional(String name, String form, Function<String, T> parse) {
        return byName.containsKey(name) ? Optional.of(one(name, form, parse)) : Optional.empty();
    }

    private <T> T one(String name, String form, Function<String, T> parse) {
        return parsed(name, form, byName.getOrDefault(name, List.of()), values -> {
            if (values.size() != 1) {
                throw new IllegalArgumentException("There is not exactly one value.");
            }
            return parse.apply(values.getFirst());
        });
    }

    private static <T> T parsed(String name, String form, List<String> values, Function<List<String>, T> parse) {
        try {
            return parse.apply(values);
        } catch (IllegalArgumentException e) {
            throw InputEncoder.invalid("\"" + name + "\" must be given once and be " + form + ".");
        }
    }
}
