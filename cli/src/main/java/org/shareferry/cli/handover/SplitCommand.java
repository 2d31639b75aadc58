// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.handover;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.Members;
import org.shareferry.delivery.DeliveryId;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.RunId;
import org.shareferry.delivery.Scheme;
import org.shareferry.delivery.Shape;
import org.shareferry.member.MemberName;
import org.shareferry.member.Role;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry split`.
@Command(
        name = "split",
        description = {
            "Split values into share vectors that can be posted to the party-services: P0.handover.json, ...",
            "For tests only: whoever runs it sees all shares."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry split --values 1,2,3 --macs-checked --out shares",
            "  shareferry split --values 1.5,-2 --precision 16 --scheme batched --out shares"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class SplitCommand implements Callable<Integer> {
    private static final int MOST_PARTIES = 256;
    private static final int MOST_BITS = 200;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--values",
            required = true,
            split = ",",
            paramLabel = "NUMBER",
            description = "The values, separated by commas.")
    private List<String> values;

    @Option(names = "--parties", defaultValue = "2", paramLabel = "N", description = "How many (${DEFAULT-VALUE}).")
    private int parties;

    @Option(
            names = "--scheme",
            defaultValue = "batched",
            paramLabel = "NAME",
            description = "additive, triple, quintuple or batched (${DEFAULT-VALUE}).")
    private String scheme;

    @Option(
            names = "--ring",
            defaultValue = "128/64",
            paramLabel = "BITS",
            description = "Bits of shares and of values (${DEFAULT-VALUE}).")
    private String ring;

    @Option(names = "--prime", paramLabel = "P", description = "The modulus of a prime field, instead of a ring.")
    private Optional<String> prime = Optional.empty();

    @Option(
            names = "--precision",
            defaultValue = "0",
            paramLabel = "F",
            description = "Fixed point: a value is an integer / 2^F (${DEFAULT-VALUE}).")
    private int precision;

    @Option(names = "--label", defaultValue = "0", paramLabel = "N", description = "An integer of the application's.")
    private long label;

    @Option(
            names = "--chunk",
            defaultValue = "4096",
            paramLabel = "N",
            description = "Values per chunk (${DEFAULT-VALUE}).")
    private int valuesPerChunk;

    @Option(
            names = "--client",
            defaultValue = "C0",
            paramLabel = "NAME",
            description = "Who receives (${DEFAULT-VALUE}).")
    private String client;

    @Option(
            names = "--macs-checked",
            description = "Declare that the protocol's own checks ran; the client relies on it and shows VERIFIED.")
    private boolean macsChecked;

    @Option(
            names = "--threshold",
            paramLabel = "T",
            description = "How many corrupt parties the protocol bears (the most that it can bear).")
    private Optional<Integer> threshold = Optional.empty();

    @Option(
            names = "--program",
            paramLabel = "SHA-256",
            description = "The digest of the program in hex (what the party-services are configured with).")
    private Optional<String> program = Optional.empty();

    @Option(
            names = "--out",
            defaultValue = ".",
            paramLabel = "DIR",
            description = "Where the files go (${DEFAULT-VALUE}).")
    private Path out;

    @Override
    public Integer call() throws CommandException {
        var facts = facts();
        var handOvers = new Dealer(facts, new SecureRandom()).deal(integers(facts.domain()));
        NewFiles.folder(out);
        var files = facts.parties().stream()
                .map(party -> out.resolve(party + ".handover.json"))
                .toList();
        NewFiles.requireAbsent(files);
        for (int party = 0; party < handOvers.size(); party++) {
            NewFiles.writeSecret(files.get(party), HandOverJson.write(handOvers.get(party)));
            spec.commandLine().getOut().println("Made " + files.get(party) + " for delivery " + facts.id() + ".");
        }
        return 0;
    }

    private HandOver.Facts facts() throws CommandException {
        if (parties < 2 || parties > MOST_PARTIES) {
            throw new CommandException("--parties is 2 to " + MOST_PARTIES + ", not " + parties + ".");
        }
        if (precision < 0 || precision > MOST_BITS) {
            throw new CommandException("--precision is 0 to " + MOST_BITS + ", not " + precision + ".");
        }
        var recipient = Members.name(client);
        if (recipient.role() != Role.CLIENT) {
            throw new CommandException("--client takes a client such as C0, not " + recipient + ".");
        }
        var random = new SecureRandom();
        return new HandOver.Facts(
                new DeliveryId(new RunId(random.nextLong(), random.nextLong()), 0),
                recipient,
                domain(),
                scheme(),
                precision,
                label,
                shape(),
                macsChecked,
                threshold,
                program(),
                IntStream.range(0, parties).mapToObj(MemberName::party).toList());
    }

    private Optional<String> program() throws CommandException {
        if (program.isPresent() && !program.get().matches("[0-9a-f]{64}")) {
            throw new CommandException(
                    "--program takes a SHA-256 in 64 lower-case hex digits, such as sha256sum prints.");
        }
        return program;
    }

    private Shape shape() throws CommandException {
        try {
            return new Shape(values.size(), valuesPerChunk);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "--chunk is 1 to " + Shape.MAX_VALUES_PER_CHUNK + ", not " + valuesPerChunk + ".", e);
        }
    }

    private Scheme scheme() throws CommandException {
        try {
            var named = Scheme.parse(scheme);
            if (named.isCommitted()) {
                throw new CommandException(
                        "--scheme " + scheme + " needs a dialog between the VMs and their party-services"
                                + " and cannot be handed over by REST; take batched.");
            }
            return named;
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    "--scheme \"" + scheme + "\" does not exist; take additive, triple, quintuple or batched.", e);
        }
    }

    private Domain domain() throws CommandException {
        try {
            if (prime.isPresent()) {
                return new Domain.PrimeField(new BigInteger(prime.get()));
            }
            var bits = ring.split("/", -1);
            if (bits.length != 2) {
                throw new IllegalArgumentException(ring);
            }
            return new Domain.Ring(Integer.parseInt(bits[0]), Integer.parseInt(bits[1]));
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    prime.isPresent()
                            ? "--prime takes an odd prime of at most 256 bits in decimal."
                            : "--ring takes bits of shares and values such as 128/64, at most 256.",
                    e);
        }
    }

    private List<BigInteger> integers(Domain domain) throws CommandException {
        var bound = switch (domain) {
            case Domain.Ring ringDomain -> BigInteger.ONE.shiftLeft(ringDomain.clearBits() - 1);
            case Domain.PrimeField field -> field.modulus().shiftRight(1);
        };
        var integers = new ArrayList<BigInteger>();
        for (var value : values) {
            var integer = integer(value.strip());
            if (integer.compareTo(bound) >= 0 || integer.compareTo(bound.negate()) < 0) {
                throw new CommandException(
                        "--values: " + value + " does not fit into " + domain + "; take a larger domain.");
            }
            integers.add(integer);
        }
        return integers;
    }

    private BigInteger integer(String value) throws CommandException {
        try {
            // Longer texts are no numbers of any domain, and slow to parse.
            var number = new BigDecimal(value.length() <= 400 ? value : "");
            if (precision == 0) {
                return number.toBigIntegerExact();
            }
            return number.multiply(new BigDecimal(BigInteger.ONE.shiftLeft(precision)))
                    .setScale(0, RoundingMode.HALF_EVEN)
                    .toBigIntegerExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new CommandException(
                    "--values: \"" + value + "\" is not a number of precision " + precision
                            + "; write integers, or give --precision for fractions.",
                    e);
        }
    }
}
