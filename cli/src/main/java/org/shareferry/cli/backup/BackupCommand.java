// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.files.NewFiles;
import org.shareferry.cli.member.Members;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.JsonText;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.site.settings.ServiceEnvironment;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.SiteSettings;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry backup`.
@Command(
        name = "backup",
        description = {
            "Write one file with a member's database, settings, certificates, roster, trust and invites. The service may"
                    + " be running. See docs/deploy.md.",
            "Keep the file secret: at a client it has values and waiting inputs. Its digests protect it against damage,"
                    + " not against someone who can change it. MP-SPDZ's own files, logs and settings in environment"
                    + " variables are not in it."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry backup --dir site --member C0 --out C0.backup.tar",
            "  shareferry backup --dir member --with-keys --out P1.backup.tar",
            "  shareferry backup --dir member --dump relay.sql --out R0.backup.tar"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class BackupCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Mixin
    private DeploymentOption where;

    @Mixin
    private FormOption form;

    @Option(names = "--member", paramLabel = "NAME", description = "Whose backup, if --dir has several members.")
    private Optional<String> member = Optional.empty();

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "Write to this new file, mode 0600.")
    private Path file;

    @Option(
            names = "--with-keys",
            description =
                    "Also private keys and the webhook's secret: who gets such a backup can sign and submit as this"
                            + " member, and open what is sealed to a client's keys. Without it, keep a copy of the keys elsewhere.")
    private boolean isWithKeys;

    @Option(
            names = "--pg-dump",
            defaultValue = "pg_dump",
            paramLabel = "PROGRAM",
            description = "Copies a PostgreSQL database (${DEFAULT-VALUE}).")
    private String pgDump;

    @Option(
            names = "--dump",
            paramLabel = "SQL",
            description = "Take this plain dump of the PostgreSQL database, made before, and run no pg_dump.")
    private Optional<Path> dump = Optional.empty();

    @Option(
            names = "--dumped-at",
            paramLabel = "TIME",
            description =
                    "When this dump was begun, such as 2026-06-01T02:00:00Z. Without it, the time at which the dump's"
                            + " file was last changed counts.")
    private Optional<Instant> dumpedAt = Optional.empty();

    /// @param clock tells the time of the backup
    public BackupCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        NewFiles.requireAbsent(List.of(file));
        var folder = memberFolder();
        try (var work = WorkFolder.beside(file)) {
            var time = time();
            var environment = environment(folder);
            var content = new BackupContent(work.path(), SiteSettings.read(environment, folder), folder, isWithKeys);
            // Also before the database: a key that ends in between would be in the database's copy and not in
            // the backup.
            content.addKeys();
            var database = content.addDatabase(environment, pgDump, dump);
            content.addKeys();
            content.addOpenFiles();
            var manifest = content.manifest(version(), time, database);
            var archive = new Archive(work.path().resolve("backup.tar"));
            archive.write(manifest, content.sources());
            archive.verify();
            Files.move(archive.file(), file);
            report(manifest);
            return 0;
        } catch (SettingsException e) {
            throw new CommandException("The settings in " + folder + " are unusable: " + e.sentence(), e);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written; check its folder, owner and space.", e);
        }
    }

    /// What was committed after the copy of the database was begun may be missing in it.
    private Instant time() throws CommandException {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (dumpedAt.filter(at -> dump.isEmpty() || at.isBefore(Instant.EPOCH)).isPresent()) {
            throw new CommandException(
                    "--dumped-at is when the dump was begun that --dump names; correct one of them.");
        }
        if (dump.isEmpty()) {
            return now;
        }
        try {
            var changed = Files.getLastModifiedTime(dump.get()).toInstant();
            return Stream.of(now, changed, dumpedAt.orElse(now))
                    .min(Comparator.naturalOrder())
                    .orElse(now)
                    .truncatedTo(ChronoUnit.SECONDS);
        } catch (IOException e) {
            throw new CommandException(dump.get() + " cannot be read; check the path and its owner.", e);
        }
    }

    private Path memberFolder() throws CommandException {
        var named = where.find().orElse(Path.of(""));
        var absolute =
                (isDeployment(named) ? memberIn(named) : named).toAbsolutePath().normalize();
        if (ServiceEnvironment.fileIn(absolute).isEmpty()) {
            throw new CommandException("There is no application.yml in " + absolute
                    + "; name the folder in which the service is started with --dir.");
        }
        return absolute;
    }

    private static boolean isDeployment(Path folder) {
        return Files.isRegularFile(folder.resolve("services.json"));
    }

    private Path memberIn(Path deployment) throws CommandException {
        var name = member.orElseThrow(
                () -> new CommandException(deployment + " has several members; name one, such as --member C0."));
        return deployment.resolve(Members.name(name).toString());
    }

    /// As in the doctor: without a named folder, this one is where the service is started, and its variables
    /// count.
    private Environment environment(Path folder) throws CommandException, SettingsException {
        var variables = where.find().isPresent() ? Map.<String, String>of() : System.getenv();
        return ServiceEnvironment.of(folder, Optional.empty(), variables);
    }

    private static String version() {
        return Optional.ofNullable(BackupCommand.class.getPackage().getImplementationVersion())
                .orElse("of a source tree");
    }

    private void report(Manifest manifest) {
        var out = spec.commandLine().getOut();
        if (form.isJson()) {
            out.println(JsonText.of(manifest.summary().put("backup", file.toString())));
            return;
        }
        out.println("Backup of " + manifest.member() + " (" + manifest.service() + ", database format "
                + manifest.database().schema() + ") of " + manifest.time() + ": " + file);
        manifest.files().forEach(entry -> out.println("  " + entry.name()));
        if (!manifest.without().isEmpty()) {
            out.println("Private keys and secrets are not in it; keep a copy of them elsewhere, or use --with-keys: "
                    + String.join(", ", manifest.without()));
        }
        out.println("Keep it secret and encrypted" + (isWithKeys ? ": it has private keys." : "."));
        out.flush();
    }
}
