// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.join;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.Fingerprint;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.output.Table;
import org.shareferry.crypto.Bytes;
import org.shareferry.keys.KeyFileException;
import org.shareferry.member.MemberName;
import org.shareferry.member.Roster;
import org.shareferry.site.trust.Subject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry join`.
@Command(
        name = "join",
        description = {
            "Check other members' invites (shareferry invite), write roster.json and trust.pem from them, and print one"
                    + " digest over all members that were joined.",
            "Compare the digest with the other members by telephone: it is the same for all members that joined"
                    + " the same invites. Otherwise, anyone who changed an invite in transit would be trusted."
                    + " Without FILE, the digest is printed again.",
            "A running service reloads the changed files."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry join P0.invite R0.invite C0.invite",
            "  shareferry join --dir member from-others/P0.invite from-others/R0.invite",
            "  shareferry join --replace P0 P0.invite"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class JoinCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--dir",
            defaultValue = ".",
            paramLabel = "DIR",
            description =
                    "This member's folder, with identity.pem, tls.crt and its own NAME.invite; by default this folder.")
    private Path folder;

    @Option(
            names = "--replace",
            paramLabel = "MEMBER",
            description = "Replace the earlier invite of this member by a newer one; may be given several times."
                    + " Ask that member first.")
    private List<String> replace = List.of();

    @Mixin
    private FormOption form;

    @Parameters(arity = "0..*", paramLabel = "FILE", description = "Invites of other members.")
    private List<Path> files = List.of();

    /// @param clock by which certificates are judged
    public JoinCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException, MalformedException, KeyFileException {
        var own = OwnMember.in(folder);
        var joined = JoinedMembers.of(folder);
        addOwn(own, joined);
        var mayReplace = new TreeSet<MemberName>();
        for (var name : replace) {
            mayReplace.add(Members.name(name));
        }
        for (var file : files) {
            add(checked(file), file, own, joined, mayReplace);
        }
        for (var name : mayReplace) {
            if (!joined.isGiven(name)) {
                throw new CommandException("--replace names " + name + ", but no FILE is an invite of " + name + ".");
            }
        }
        var fault = InviteChecks.fault(List.copyOf(joined.all()));
        if (fault.isPresent()) {
            throw new CommandException(fault.get() + ".");
        }
        var result = new JoinedFiles(own, joined, mayReplace);
        var roster = result.roster();
        var pins = result.pins(clock.instant());
        var otherPins = result.uncovered(pins);
        var changed = result.write(roster, pins);
        if (form.isJson()) {
            spec.commandLine().getOut().println(json(joined, roster, otherPins));
        } else {
            print(joined, roster, otherPins, changed.size());
        }
        return 0;
    }

    private Invite checked(Path file) throws CommandException {
        var invite = InviteFile.read(file);
        var fault = InviteChecks.fault(invite, clock.instant());
        if (fault.isPresent()) {
            throw new CommandException(file + " (" + invite.name() + ") is refused: " + fault.get() + ".");
        }
        return invite;
    }

    /// The digest covers this member too: otherwise no two members would have the same digest.
    private void addOwn(OwnMember own, JoinedMembers joined) throws CommandException, KeyFileException {
        var file = folder.resolve(InviteFile.name(own.name()));
        if (!Files.exists(file)) {
            throw new CommandException(file + " does not exist; create it first with shareferry invite --dir " + folder
                    + ", and send it to the others.");
        }
        add(checked(file), file, own, joined, Set.of());
    }

    private void add(Invite invite, Path file, OwnMember own, JoinedMembers joined, Set<MemberName> mayReplace)
            throws CommandException, KeyFileException {
        boolean isOwnName = invite.name().equals(own.name());
        if (isOwnName && !own.isOwn(invite)) {
            throw new CommandException(file + " says that it is of " + own.name()
                    + ", which is this member, but is not of"
                    + " the keys in " + folder + ": either somebody else uses the name, or keys were changed since"
                    + " shareferry invite made it.");
        }
        joined.add(invite, file, mayReplace.contains(invite.name()) || isOwnName);
    }

    private void print(JoinedMembers joined, Roster roster, List<X509Certificate> otherPins, int changed) {
        var out = spec.commandLine().getOut();
        var table = new Table(List.of("member", "address", "certificate until", "key id"));
        for (var invite : joined.all()) {
            table.add(List.of(
                    invite.name().toString(),
                    invite.member().address().map(URI::toString).orElse("(only dials out)"),
                    invite.certificates().getFirst().getNotAfter().toInstant().toString(),
                    invite.identityKey().id().toString()));
        }
        table.print(out, Paint.of(spec.commandLine()));
        out.println();
        out.println(changed == 0 ? "Nothing changed." : "Wrote roster.json and trust.pem in " + folder + ".");
        joined.replaced()
                .forEach((name, before) -> out.println("Replaced the invite of " + name + " of " + before.created()
                        + ", key id " + before.identityKey().id() + "."));
        var others = uncovered(joined, roster);
        if (!others.isEmpty()) {
            out.println("The roster has members whose invites were not joined, or whose invites have another address or"
                    + " other keys; the digest is not over them: "
                    + others.stream().map(MemberName::toString).collect(Collectors.joining(", ")) + ".");
        }
        if (!otherPins.isEmpty()) {
            out.println("trust.pem has certificates that are in no invite; the digest is not over them:");
            otherPins.forEach(pin -> out.println("    " + Subject.text(pin) + ", SHA-256 " + Fingerprint.of(pin)));
        }
        out.println("Compare this digest with each of the other members by telephone before you start:");
        out.println();
        ComparedDigest.lines(digest(joined)).forEach(line -> out.println("    " + line));
    }

    private static Bytes digest(JoinedMembers joined) {
        return ComparedDigest.of(joined.all());
    }

    private static List<MemberName> uncovered(JoinedMembers joined, Roster roster) {
        var others = new ArrayList<MemberName>();
        for (var member : roster.members()) {
            if (joined.all().stream().noneMatch(invite -> invite.member().equals(member))) {
                others.add(member.name());
            }
        }
        return others;
    }

    private static String json(JoinedMembers joined, Roster roster, List<X509Certificate> otherPins) {
        var root = JsonText.object();
        var members = root.putArray("members");
        for (var invite : joined.all()) {
            var node = members.addObject().put("name", invite.name().toString());
            invite.member().address().ifPresent(address -> node.put("address", address.toString()));
            node.put("keyId", invite.identityKey().id().toString());
            node.put("created", invite.created().toString());
            var certificates = node.putArray("certificates");
            invite.certificates()
                    .forEach(certificate -> certificates
                            .addObject()
                            .put(
                                    "validUntil",
                                    certificate.getNotAfter().toInstant().toString())
                            .put("sha256", Fingerprint.of(certificate)));
        }
        var others = root.putArray("notCovered");
        uncovered(joined, roster).forEach(name -> others.add(name.toString()));
        var pins = root.putArray("certificatesNotCovered");
        otherPins.forEach(
                pin -> pins.addObject().put("subject", Subject.text(pin)).put("sha256", Fingerprint.of(pin)));
        var replaced = root.putArray("replaced");
        joined.replaced().keySet().forEach(name -> replaced.add(name.toString()));
        root.put("digest", String.join(" ", ComparedDigest.lines(digest(joined))));
        return JsonText.of(root);
    }
}
