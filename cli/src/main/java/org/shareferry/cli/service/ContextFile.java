// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.service;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.member.Members;
import org.shareferry.keys.PrivateFile;
import org.shareferry.member.MemberName;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/// The file `shareferry.yml` of the current folder: which deployment commands ask. It has either `dir`, a folder that
/// `shareferry init` or `demo --dir` made, or `services`, where each member has `address` and `dir`, the folder with
/// its user.crt, user.key and tls.crt. Relative paths lead from the file's folder.
/// A file that other users can change is refused.
///
/// @param file where it is
record ContextFile(Path file) {
    static final String NAME = "shareferry.yml";

    private static final String DIR = "dir";
    private static final String SERVICES = "services";
    private static final String ADDRESS = "address";

    /// @return the file of a folder, if it has one
    static Optional<ContextFile> in(Path folder) {
        var file = folder.resolve(NAME);
        return Files.exists(file) ? Optional.of(new ContextFile(file)) : Optional.empty();
    }

    /// @return the folder that `dir` names; empty if the file has `services`
    Optional<Path> folder() throws CommandException {
        var content = content();
        return content.containsKey(DIR) ? Optional.of(path(content, "")) : Optional.empty();
    }

    Deployment deployment() throws CommandException {
        var folder = folder();
        return folder.isPresent() ? Deployment.read(folder.get()) : services();
    }

    private Deployment services() throws CommandException {
        var folders = new HashMap<MemberName, Path>();
        var services = new TreeMap<MemberName, Deployment.Service>();
        var listed = map(content().get(SERVICES), "\"services\"");
        for (var entry : listed.entrySet()) {
            var name = Members.name(entry.getKey());
            var of = " of " + name;
            var service = map(entry.getValue(), "The service" + of);
            requireOnly(Set.of(ADDRESS, DIR), service, of);
            folders.put(name, path(service, of));
            services.put(name, new Deployment.Service(name, address(service, of)));
        }
        return new Deployment(file, services.values().stream().toList(), folders);
    }

    /// Whoever can change the file can direct this user's commands to services of their own.
    private void requireOurs() throws CommandException {
        try {
            var owner = PrivateFile.foreignOwner(file);
            var who = owner.isPresent() ? owner : PrivateFile.writers(file);
            if (who.isPresent()) {
                throw new CommandException(
                        file + " is not used: " + who.get() + " can change it. Name the deployment with --dir.");
            }
        } catch (IOException e) {
            throw new CommandException(file + " cannot be read; check its owner.", e);
        }
    }

    private Map<String, Object> content() throws CommandException {
        requireOurs();
        try {
            var content =
                    map(new Yaml(new SafeConstructor(new LoaderOptions())).load(NewFiles.read(file)), "Its content");
            requireOnly(Set.of(DIR, SERVICES), content, "");
            if (content.size() != 1) {
                throw wrong("It needs either \"dir\" or \"services\"");
            }
            return content;
        } catch (YAMLException e) {
            throw new CommandException(file + " is not well-formed YAML; correct it.", e);
        }
    }

    private Map<String, Object> map(@Nullable Object node, String what) throws CommandException {
        if (!(node instanceof Map<?, ?> found) || found.isEmpty()) {
            throw wrong(what + " must be a list of names with values");
        }
        var map = new TreeMap<String, Object>();
        for (var entry : found.entrySet()) {
            map.put(String.valueOf(entry.getKey()), entry.getValue());
        }
        return map;
    }

    private void requireOnly(Set<String> known, Map<String, Object> map, String of) throws CommandException {
        for (var name : map.keySet()) {
            if (!known.contains(name)) {
                throw wrong("\"" + name + "\"" + of + " is unknown; there is "
                        + String.join(" and ", new TreeSet<>(known)));
            }
        }
    }

    private Path path(Map<String, Object> map, String of) throws CommandException {
        if (map.get(DIR) instanceof String text && !text.isBlank()) {
            var parent = file.getParent();
            return parent == null ? Path.of(text) : parent.resolve(text);
        }
        throw wrong("\"dir\"" + of + " must be a folder");
    }

    private URI address(Map<String, Object> service, String of) throws CommandException {
        if (service.get(ADDRESS) instanceof String text && text.matches("https://[^/?#@ ]+")) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                // The same sentence as for other texts.
            }
        }
        throw wrong("\"address\"" + of + " must be such as https://localhost:8443");
    }

    private CommandException wrong(String what) {
        return new CommandException(file + " cannot be used: " + what + ". docs/command-line.md shows its form.");
    }
}
