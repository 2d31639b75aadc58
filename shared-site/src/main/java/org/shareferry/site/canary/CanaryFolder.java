// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.site.canary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.shareferry.cbor.MalformedException;
import org.shareferry.delivery.Domain;
import org.shareferry.delivery.Protocol;
import org.shareferry.file.BoundedFile;

/// The folder with the records of passed canary runs, one file for each.
///
/// @param folder may be missing, which means empty
public record CanaryFolder(Path folder) {
    private static final String SUFFIX = ".canary";
    private static final int LARGEST = 1 << 16;

    /// The content of the folder.
    ///
    /// @param passes the readable records
    /// @param unusable files that cannot be read
    public record Content(List<CanaryPass> passes, List<Path> unusable) {
        public Content {
            passes = List.copyOf(passes);
            unusable = List.copyOf(unusable);
        }
    }

    /// @return the current content of the folder
    public Content read() {
        var passes = new ArrayList<CanaryPass>();
        var unusable = new ArrayList<Path>();
        for (var file : files(unusable)) {
            try {
                passes.add(CanaryPass.parse(BoundedFile.readText(file, LARGEST)));
            } catch (IOException | MalformedException e) {
                unusable.add(file);
            }
        }
        return new Content(passes, unusable);
    }

    private List<Path> files(List<Path> unusable) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var all = Files.list(folder)) {
            return all.filter(file -> file.getFileName().toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            unusable.add(folder);
            return List.of();
        }
    }

    /// Writes a record, and replaces an earlier one of the same protocol and kind of VMs.
    ///
    /// @return the file
    /// @throws IOException when it cannot be written
    public Path write(CanaryPass pass) throws IOException {
        Files.createDirectories(folder);
        var kind = pass.kind();
        var name = pass.protocol() + "-" + kind.parties() + "-" + kind.threshold() + "-" + bits(kind.domain()) + SUFFIX;
        var file = folder.resolve(name);
        var written = folder.resolve(name + ".new");
        Files.writeString(written, pass.text());
        Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return file;
    }

    private static String bits(Domain domain) {
        return switch (domain) {
            case Domain.Ring ring -> "ring" + ring.clearBits();
            case Domain.PrimeField field -> "prime" + field.modulus().bitLength();
        };
    }

    /// Whether shares of a VM can be delivered under a protocol's name. VMs of honest-majority protocols cannot be
    /// distinguished from those of passive protocols, so the former need a passed canary run. Other protocols need
    /// none.
    ///
    /// @param kind of the VM
    /// @return what is missing, for people; empty if nothing is
    public Optional<String> objection(Protocol protocol, VmKind kind) {
        return objection(protocol, kind.parties(), pass -> pass.kind().equals(kind));
    }

    /// The same for shares that do not come directly from a VM.
    ///
    /// @param parties N
    /// @param threshold t
    /// @return what is missing, for people; empty if nothing is
    public Optional<String> objection(Protocol protocol, Domain domain, int parties, int threshold) {
        return objection(
                protocol,
                parties,
                pass -> pass.kind().domain().equals(domain)
                        && pass.kind().parties() == parties
                        && pass.kind().threshold() == threshold);
    }

    private Optional<String> objection(Protocol protocol, int parties, Predicate<CanaryPass> fits) {
        if (!protocol.isSecureWithHonestMajority()
                || read().passes().stream()
                        .filter(pass -> pass.protocol().equals(protocol.text()))
                        .anyMatch(fits)) {
            return Optional.empty();
        }
        return Optional.of("There is no record of a passed canary run of " + protocol.text() + " with this number"
                + " of parties and this domain in " + folder + ". Without it, the VM cannot be distinguished from"
                + " one of a passive protocol. On a machine with MP-SPDZ run: shareferry canary --mpspdz FOLDER"
                + " --protocol " + protocol.text() + " --parties "
                + parties + " --to " + folder);
    }
}
