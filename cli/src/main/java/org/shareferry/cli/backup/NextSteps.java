// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.json.PlainText;
import org.shareferry.site.Shell;

/// What an operator does between restoring and starting a member.
///
/// @param manifest of the backup
/// @param folder where its files are now
record NextSteps(Manifest manifest, Path folder) {
    /// The relay's clock may be behind. A second delivery of the same bundle changes nothing.
    private static final Duration BETWEEN_CLOCKS = Duration.ofHours(1);

    static void print(Manifest manifest, Path folder, PrintWriter out) {
        out.println("It is in " + folder + ". Before the service starts:");
        int number = 1;
        for (var step : new NextSteps(manifest, folder).steps()) {
            out.println(number++ + ". " + step);
        }
        out.flush();
    }

    List<String> steps() {
        var steps = new ArrayList<String>();
        steps.add("Stop the service that used the former folder or database, for good: one member must not run twice.");
        outside().forEach(steps::add);
        if (manifest.database().kind().equals(Manifest.Stored.POSTGRESQL)) {
            steps.add("Load the dump into an empty database: psql --single-transaction --set ON_ERROR_STOP=1 --file="
                    + Shell.word(folder.resolve(manifest.database().file())) + " DATABASE. Then delete it.");
        }
        if (!manifest.without().isEmpty()) {
            steps.add("Put the newest copy of the private keys and secrets in place, mode 0600: "
                    + manifest.without().stream().map(PlainText::of).collect(Collectors.joining(", ")) + ".");
        }
        steps.add(
                "Roster, trust and settings are those of " + manifest.time() + ": compare them with the other members"
                        + " (shareferry join, without a file, prints the digest). Whoever was taken out since is trusted again.");
        steps.addAll(ofRole());
        steps.add(LauncherName.byLauncher().in("shareferry doctor --dir " + Shell.word(folder)));
        return steps;
    }

    private List<String> outside() {
        var steps = new ArrayList<String>();
        for (var file : manifest.files()) {
            if (file.from().isPresent()) {
                var from = folder.resolve(file.name());
                var to = folder.resolve(file.from().get()).normalize();
                if (!isSame(from, to)) {
                    steps.add((Files.exists(to) ? "Compare with what is there, and then: mv " : "mv ")
                            + Shell.word(PlainText.of(from.toString())) + " "
                            + Shell.word(PlainText.of(to.toString())));
                }
            }
        }
        return steps;
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isRegularFile(other) && Files.mismatch(one, other) == -1;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> ofRole() {
        return switch (manifest.member().role()) {
            case CLIENT -> {
                var steps = new ArrayList<String>();
                if (manifest.hasKeys()) {
                    steps.add("If one of the opening keys was lost or stolen since, name it in"
                            + " shareferry.client.revoked-keys. If the present folder of opening keys still exists, use"
                            + " it instead of the one in the backup.");
                }
                steps.add("Give waiting inputs again when the service runs: it deletes them at its start, because they"
                        + " may have been used, and answers no request that was made before.");
                steps.add(
                        "When the service runs, have the relay deliver again what came since the backup. At the relay:"
                                + " curl --cert user.crt --key user.key --cacert tls.crt -H 'Content-Type: application/json'"
                                + " --data '{\"recipient\": \"" + manifest.member() + "\", \"since\": \""
                                + manifest.time().minus(BETWEEN_CLOCKS)
                                + "\"}' https://RELAY/v1/redeliveries");
                steps.add("Values and results that were deleted since the backup are there again: delete them again.");
                yield steps;
            }
            case RELAY ->
                List.of("Nothing has to be asked for: parties submit again what the relay lacks when they reach it.");
            case PARTY ->
                List.of(
                        "What was handed over since the backup and had not reached the relay is lost: run these programs"
                                + " again. A hand-over by REST then needs a new run id, and a VM new files of preprocessing if"
                                + " it uses any.");
        };
    }
}
