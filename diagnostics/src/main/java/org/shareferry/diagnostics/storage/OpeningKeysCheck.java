// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.diagnostics.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Findings;
import org.shareferry.site.Shell;

/// Checks the folder with a client's private opening keys. Only the service's database knows which keys must exist.
public final class OpeningKeysCheck {
    private final Path folder;
    private final Findings findings = new Findings(Area.KEYS);

    public OpeningKeysCheck(Path folder) {
        this.folder = folder;
    }

    public List<Finding> examine() {
        if (Files.isDirectory(folder)) {
            permissions();
        } else if (Files.exists(folder)) {
            findings.add(
                    folder.toString(),
                    Fault.UNREADABLE_FILE,
                    "It should be the folder of the opening keys, but it is a file.",
                    "mv " + Shell.word(folder) + " " + Shell.word(folder + ".old")
                            + " # or correct shareferry.client.keys");
        } else {
            findings.fine(folder.toString(), "does not exist yet; the service creates it");
        }
        return findings.list();
    }

    private void permissions() {
        if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
            findings.add(
                    folder.toString(),
                    Fault.UNREADABLE_FILE,
                    "This user cannot read and write the folder of the opening keys.",
                    "sudo chown -R \"$USER\" " + Shell.word(folder) + " && chmod u+rwx " + Shell.word(folder)
                            + " # as the service's user");
            return;
        }
        FileAccess.exposure(folder)
                .filter(who -> who.substring(who.indexOf('(') + 4).contains("w"))
                .ifPresent(who -> findings.add(
                        folder.toString(),
                        Fault.KEY_OPEN_TO_OTHERS,
                        "Opening keys can be deleted and replaced by " + who + ".",
                        "chmod 700 " + Shell.word(folder)));
        var files = files();
        files.forEach(this::file);
        if (!findings.hasAny()) {
            findings.fine(folder.toString(), "opening keys are readable only by their owner (" + files.size() + ")");
        }
    }

    private void file(Path file) {
        if (!Files.isReadable(file)) {
            findings.add(
                    file.toString(), Fault.UNREADABLE_FILE, "This user cannot read the opening key.", Shell.own(file));
        }
        FileAccess.exposure(file)
                .ifPresent(who -> findings.add(
                        file.toString(),
                        Fault.KEY_OPEN_TO_OTHERS,
                        "The opening key is accessible to " + who + ", so the service refuses it.",
                        "chmod 600 " + Shell.word(file)));
    }

    private List<Path> files() {
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".pem"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
