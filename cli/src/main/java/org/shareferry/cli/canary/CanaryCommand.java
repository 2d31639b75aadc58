// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.crypto.Bytes;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.site.canary.CanaryFolder;
import org.shareferry.site.canary.CanaryPass;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry canary`.
@Command(
        name = "canary",
        description = {
            "Show that the VMs of a protocol notice a party that computes with another value, and record it for the"
                    + " party-service.",
            "Starts all VMs on this machine, from your own program and with your own options: once with equal numbers,"
                    + " which must succeed, and once with a different number at each VM. No data leaves this"
                    + " machine. Docs: docs/protocols.md."
        },
        exitCodeList = {
            "0:all VMs noticed; the pass is recorded",
            "1:no pass, and one sentence gives the reason; nothing is recorded",
            "2:wrong usage"
        },
        footer = {
            "",
            "Example:",
            "  shareferry canary --mpspdz ~/MP-SPDZ --protocol malicious-rep-ring --to member/canary"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class CanaryCommand implements Callable<Integer> {
    private static final int MOST_PARTIES = 16;

    /// The options that this command passes to each VM.
    private static final Set<String> OURS = Set.of(
            "-p", "--player", "-N", "--nparties", "-pn", "--portnumbase", "-h", "--hostname", "-ip", "--ip-file-name");

    private static final SecureRandom RANDOM = new SecureRandom();

    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--mpspdz",
            required = true,
            paramLabel = "FOLDER",
            description = "MP-SPDZ: where compile.py and the VMs' programs (NAME-party.x) are.")
    private Path mpspdz;

    @Option(
            names = "--protocol",
            required = true,
            paramLabel = "NAME",
            description = "The protocol, as in shareferry.party.protocol.")
    private String protocol;

    @Option(
            names = "--parties",
            paramLabel = "N",
            description = "How many parties compute; otherwise the fewest that the protocol can have.")
    private Optional<Integer> parties = Optional.empty();

    @Option(
            names = "--ring",
            defaultValue = "64",
            paramLabel = "BITS",
            description = "Bits of values in protocols for rings, as your programs have them (${DEFAULT-VALUE}).")
    private int ring;

    @Option(
            names = "--to",
            defaultValue = "canary",
            paramLabel = "FOLDER",
            description = "Folders for the record, as in shareferry.party.canary (${DEFAULT-VALUE}).")
    private List<Path> to = List.of();

    @Option(
            names = "--timeout",
            defaultValue = "60",
            paramLabel = "SECONDS",
            description = "How long each step may take (${DEFAULT-VALUE}).")
    private int timeout;

    @Mixin
    private FormOption form;

    @Parameters(
            paramLabel = "OPTION",
            description = "Behind --: the options with which your VMs are started, such as -- -e -S 40.")
    private List<String> options = List.of();

    /// @param clock when certificates begin, and when the run was
    public CanaryCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        var tested = Protocol.named(protocol)
                .orElseThrow(() -> new CommandException("--protocol \"" + protocol + "\" is not a protocol of MP-SPDZ"
                        + " that shares can be delivered from; there are " + Protocol.names() + "."));
        var setup = setup(tested);
        var folder = temporary();
        try {
            report(tested, setup, run(tested, setup, folder));
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted; nothing is recorded.", e);
        } finally {
            delete(folder);
        }
    }

    private CanaryVms.Setup setup(Protocol tested) throws CommandException {
        var wrong = options.stream().filter(OURS::contains).findFirst();
        if (wrong.isPresent()) {
            throw new CommandException(wrong.get() + " is set by this command for each VM; leave it out.");
        }
        var binary = mpspdz.resolve(protocol + "-party.x").toAbsolutePath().normalize();
        var compiler = mpspdz.resolve("compile.py").toAbsolutePath().normalize();
        if (!Files.isExecutable(binary)) {
            throw new CommandException(binary + " is not a program; build it with make " + protocol + "-party.x.");
        }
        if (!Files.isExecutable(compiler)) {
            throw new CommandException(compiler + " is not there; name MP-SPDZ's own folder with --mpspdz.");
        }
        var possible = IntStream.rangeClosed(2, MOST_PARTIES)
                .filter(n -> tested.threshold(n).isPresent())
                .boxed()
                .toList();
        int count = parties.or(() -> possible.stream().findFirst())
                .orElseThrow(() -> new CommandException("--parties is needed for " + protocol + "."));
        if (!possible.isEmpty() && !possible.contains(count)) {
            throw new CommandException(protocol + " does not compute with " + count + " parties.");
        }
        return new CanaryVms.Setup(
                binary,
                compiler,
                count,
                possible.size() != 1,
                isForRings(tested) ? Optional.of(ring) : Optional.empty(),
                options,
                Duration.ofSeconds(timeout));
    }

    private static boolean isForRings(Protocol tested) {
        return Stream.of(new Domain.Ring(64, 64), new Domain.Ring(128, 64)).anyMatch(tested::computesIn);
    }

    private CanaryVerdict run(Protocol tested, CanaryVms.Setup setup, Path folder)
            throws CommandException, InterruptedException {
        var out =
                form.isJson() ? spec.commandLine().getErr() : spec.commandLine().getOut();
        var vms = CanaryVms.prepare(folder, setup, clock);
        out.println("control run: " + setup.parties() + " VMs of " + protocol + " with the same number");
        var control = vms.run(Collections.nCopies(setup.parties(), random()));
        out.println("test run: each VM with another number");
        return CanaryVerdict.of(tested, control, vms.run(different(setup.parties())));
    }

    private static Bytes random() {
        var m = new byte[Long.BYTES];
        RANDOM.nextBytes(m);
        return Bytes.of(m);
    }

    /// Fixed ones can pass: in a ring a difference in the top bit alone is noticed in half of the cases only.
    private static List<Bytes> different(int count) {
        var numbers = new ArrayList<Bytes>();
        while (numbers.size() < count) {
            var next = random();
            if (!numbers.contains(next)) {
                numbers.add(next);
            }
        }
        return numbers;
    }

    private void report(Protocol tested, CanaryVms.Setup setup, CanaryVerdict verdict) throws CommandException {
        switch (verdict) {
            case CanaryVerdict.Passive passive ->
                throw new CommandException("The VMs went on although each had another number: " + setup.binary()
                        + " is passive, or its options make it passive. Nothing is recorded, and nothing may be delivered"
                        + " under the name " + tested.text() + " with it.");
            case CanaryVerdict.Undecided(var why) ->
                throw new CommandException(why + " So nothing is shown and nothing is recorded.");
            case CanaryVerdict.Passed(var kind) ->
                record(new CanaryPass(
                        tested.text(),
                        kind,
                        setup.binary(),
                        CanaryPass.digest(setup.binary()),
                        options,
                        clock.instant()));
        }
    }

    private void record(CanaryPass pass) throws CommandException {
        var records = new ArrayList<Path>();
        for (var folder : to) {
            try {
                records.add(new CanaryFolder(folder).write(pass));
            } catch (IOException e) {
                throw new CommandException("The pass cannot be recorded in " + folder + "; check its owner.", e);
            }
        }
        var out = spec.commandLine().getOut();
        if (form.isJson()) {
            out.println(json(pass, records));
            return;
        }
        out.println("passed: the VMs of " + pass.protocol() + " noticed the difference and stopped");
        records.forEach(out::println);
    }

    static String json(CanaryPass pass, List<Path> records) {
        var root = JsonText.object()
                .put("passed", true)
                .put("protocol", pass.protocol())
                .put("parties", pass.kind().parties())
                .put("threshold", pass.kind().threshold())
                .put("domain", pass.kind().domain().toString())
                .put("binary", pass.binary().toString());
        var list = root.putArray("records");
        records.forEach(record -> list.add(record.toString()));
        return JsonText.of(root);
    }

    private static Path temporary() throws CommandException {
        try {
            return Files.createTempDirectory("shareferry-canary");
        } catch (IOException e) {
            throw new CommandException("Cannot create a temporary folder; check the free disk space.", e);
        }
    }

    private static void delete(Path folder) throws CommandException {
        try {
            NewFiles.deleteAll(folder);
        } catch (IOException e) {
            throw new CommandException("The temporary folder " + folder + " cannot be deleted; delete it.", e);
        }
    }
}
