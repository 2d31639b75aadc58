// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.certificate.MemberCertificates;
import org.shareferry.site.MemberSite;

/// Which files of a member are in its backup, besides the database.
///
/// @param site the member's settings
/// @param folder the member's folder, absolute and normalised
record MemberFiles(MemberSite site, Path folder) {
    private static final Pattern SETTINGS = Pattern.compile("application.*\\.(yml|yaml|properties)");
    private static final Pattern INVITE = Pattern.compile(".+\\.invite");
    private static final Pattern OPENING_KEY = Pattern.compile("[0-9a-f]{64}\\.pem|answers\\.counter");
    private static final Pattern ANY = Pattern.compile("[A-Za-z0-9_].*");
    private static final String BROWSER_KEY = "user.p12";
    private static final int LONGEST_FOLDER = 20;
    private static final int LONGEST_FILE = 70;

    /// A file and its name in a backup.
    ///
    /// @param file at the member
    /// @param name as in [BackedUpFile]
    /// @param from as in [BackedUpFile]
    record Placed(Path file, String name, Optional<String> from) {}

    /// @return what has no private key in it: settings, certificates, roster, trust, invites and canary records
    List<Placed> open() throws CommandException {
        var member = site.member();
        var files = new TreeSet<Path>();
        files.addAll(in(folder, SETTINGS));
        files.addAll(in(folder.resolve("config"), SETTINGS));
        files.addAll(in(folder.resolve("joined"), INVITE));
        if (site.canary().isPresent()) {
            files.addAll(in(site.canary().get(), ANY));
        }
        for (var name : List.of(
                member + ".member.json", member + ".invite", MemberCertificates.USER, MemberCertificates.MONITOR)) {
            files.add(folder.resolve(name));
        }
        files.addAll(List.of(
                site.roster(),
                site.tls().certificate(),
                site.tls().trust(),
                site.tls().authorities()));
        site.webhook().flatMap(MemberSite.Webhook::trust).ifPresent(files::add);
        files.removeAll(keyFiles());
        return placed(files);
    }

    /// @return the private keys, and at a client the counter of answers and the webhook's secret
    List<Placed> keys() throws CommandException {
        return placed(keyFiles());
    }

    private TreeSet<Path> keyFiles() throws CommandException {
        var files = new TreeSet<>(List.of(site.identityKey(), site.tls().key()));
        for (var name : List.of(MemberCertificates.USER_KEY, MemberCertificates.MONITOR_KEY, BROWSER_KEY)) {
            files.add(folder.resolve(name));
        }
        if (site.openingKeys().isPresent()) {
            files.addAll(in(site.openingKeys().get(), OPENING_KEY));
        }
        site.webhook().flatMap(MemberSite.Webhook::secretFile).ifPresent(files::add);
        return files;
    }

    private static List<Path> in(Path folder, Pattern names) throws CommandException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.filter(file ->
                            names.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        } catch (IOException e) {
            throw new CommandException(folder + " cannot be read; run this as the service's user.", e);
        }
    }

    private List<Placed> placed(TreeSet<Path> files) {
        var placed = new ArrayList<Placed>();
        for (var file : files) {
            if (Files.isRegularFile(file)) {
                placed.add(place(file));
            }
        }
        return placed;
    }

    /// Files outside of the folder keep the name of their own folder, so that `tls/tls.crt` and `ca/tls.crt` differ.
    Placed place(Path file) {
        var path = file.toAbsolutePath().normalize();
        if (path.startsWith(folder)) {
            var name = folder.relativize(path).toString();
            if (BackedUpFile.isName(name) && !name.startsWith(BackedUpFile.OUTSIDE) && !isOfArchive(name)) {
                return new Placed(path, name, Optional.empty());
            }
        }
        var parent = Optional.ofNullable(path.getParent()).map(Path::getFileName);
        var name = BackedUpFile.OUTSIDE
                + parent.map(found -> simple(found, LONGEST_FOLDER) + "/").orElse("")
                + simple(path.getFileName(), LONGEST_FILE);
        return new Placed(path, name, Optional.of(shown(path)));
    }

    /// @return whether an archive has a file of its own by this name
    private static boolean isOfArchive(String name) {
        return name.equalsIgnoreCase(Manifest.NAME) || name.equalsIgnoreCase(Manifest.DIGEST_NAME);
    }

    private static String simple(Path name, int longest) {
        var text = name.toString();
        return text.substring(Math.max(0, text.length() - longest))
                .replaceAll("[^A-Za-z0-9._-]", "_")
                .replaceFirst("^[.-]", "_");
    }

    /// @return relative to the member's folder if it is near, so that a deployment can be restored elsewhere
    String shown(Path path) {
        var near = Optional.ofNullable(folder.getParent()).filter(parent -> parent.getNameCount() > 0);
        return near.filter(path::startsWith).isPresent()
                ? folder.relativize(path).toString()
                : path.toString();
    }
}
