// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.shareferry.cli.CommandException;
import org.shareferry.cli.init.Deployment;
import org.shareferry.cli.output.FormOption;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.cli.output.Paint;
import org.shareferry.cli.service.DeploymentOption;
import org.shareferry.diagnostics.Checkup;
import org.shareferry.diagnostics.finding.Area;
import org.shareferry.diagnostics.finding.Fault;
import org.shareferry.diagnostics.finding.Finding;
import org.shareferry.diagnostics.finding.Severity;
import org.shareferry.site.Shell;
import org.shareferry.site.settings.ServiceEnvironment;
import org.shareferry.site.settings.SettingsException;
import org.shareferry.site.settings.SiteSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `shareferry doctor`.
@Command(
        name = "doctor",
        description = {
            "Check a member without changing anything, and print each problem, its cause, and the command that fixes it.",
            "Reads application.yml as the member's service does; without options, that of the current folder, or of the"
                    + " folder that SHAREFERRY_DIR or shareferry.yml names. Docs: docs/doctor.md."
        },
        footer = {
            "",
            "Examples:",
            "  shareferry doctor --dir site",
            "  shareferry doctor --dir site --quiet",
            "  shareferry doctor --mpspdz Player-Data --party 0"
        },
        exitCodeList = {"0:no fault (there may be warnings)", "1:at least one fault (✗)", "2:wrong usage"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
public final class DoctorCommand implements Callable<Integer> {
    private final Clock clock;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"--dir", "--member"},
            paramLabel = "DIR",
            description =
                    "A member's folder, with its application.yml, or that of a whole deployment made by shareferry"
                            + " init or demo.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "An application.yml elsewhere; relative paths in it lead from --dir, or else from its folder.")
    private Optional<Path> config = Optional.empty();

    @Mixin
    private FolderOptions mpspdz;

    @Mixin
    private FormOption form;

    @Option(names = "--json", description = "The same as -o json.")
    private boolean json;

    @Option(names = "--quiet", description = "Print problems only, and nothing if there are none.")
    private boolean isQuiet;

    /// @param clock by which dates are judged
    public DoctorCommand(Clock clock) {
        this.clock = clock;
    }

    @Override
    public Integer call() throws CommandException {
        boolean isNothingNamed = folder.isEmpty() && config.isEmpty() && mpspdz.isEmpty();
        if (isNothingNamed && ServiceEnvironment.fileIn(Path.of("")).isEmpty()) {
            folder = DeploymentOption.standIn();
        }
        var all = new ArrayList<Diagnosis>();
        if (folder.isPresent() && Files.isRegularFile(folder.get().resolve("services.json"))) {
            var deployment = Deployment.read(folder.get());
            for (var service : deployment.services()) {
                all.add(member(Optional.empty(), deployment.folderOf(service), Map.of())
                        .startedBy(starts(deployment)));
            }
        } else if (isMemberWanted()) {
            all.add(member(config, memberFolder(), folder.isPresent() ? Map.of() : System.getenv()));
        }
        all.addAll(mpspdz.examine(clock));
        print(isQuiet ? Diagnosis.problems(all) : all);
        return Diagnosis.count(all, Severity.FAULT) == 0 ? 0 : 1;
    }

    /// @return how each member's service is started alone, and by `shareferry run`
    private static Map<String, String> starts(Deployment deployment) {
        return deployment.services().stream()
                .map(Deployment.Service::member)
                .collect(Collectors.toMap(
                        Shell::start,
                        member -> "shareferry run --dir " + Shell.word(deployment.folder()) + " " + member
                                + " # on this machine"));
    }

    private void print(List<Diagnosis> shown) {
        var out = spec.commandLine().getOut();
        if (json || form.isJson()) {
            out.println(Diagnosis.toJson(shown, LauncherName.byLauncher()));
        } else if (!isQuiet || !shown.isEmpty()) {
            Diagnosis.print(shown, LauncherName.byLauncher(), out, Paint.of(spec.commandLine()));
        }
    }

    /// A check of MP-SPDZ's folder alone needs no member's folder.
    private boolean isMemberWanted() {
        return folder.isPresent()
                || config.isPresent()
                || mpspdz.isEmpty()
                || ServiceEnvironment.fileIn(Path.of("")).isPresent();
    }

    private Path memberFolder() {
        return folder.or(() ->
                        config.map(file -> Optional.ofNullable(file.getParent()).orElse(Path.of(""))))
                .orElse(Path.of(""));
    }

    private Diagnosis member(Optional<Path> file, Path in, Map<String, String> environment) {
        var shown = in.toString().isEmpty() ? "this folder" : in.toString();
        var settings = file.or(() -> ServiceEnvironment.fileIn(in));
        if (settings.isEmpty() ? !environment.containsKey("SHAREFERRY_MEMBER") : !Files.exists(settings.get())) {
            var missing = settings.map(Path::toString).orElse("application.yml in " + shown);
            return new Diagnosis(shown, List.of(noSettings(missing)));
        }
        try {
            var site = SiteSettings.read(ServiceEnvironment.of(in, file, environment), in);
            return new Diagnosis(site.member() + " in " + shown, new Checkup(site, clock).everything());
        } catch (SettingsException e) {
            var wrong = settings.orElse(in.resolve("application.yml"));
            return new Diagnosis(shown, List.of(wrongSettings(wrong, e.sentence())));
        }
    }

    private static Finding noSettings(String missing) {
        return Finding.of(
                Area.SETTINGS,
                "application.yml",
                Fault.MISSING_FILE,
                "There is no " + missing + ".",
                "ls -d */application.yml # find the folder in which the service is started, and name it with --dir");
    }

    private static Finding wrongSettings(Path file, String cause) {
        boolean isReadable = Files.isRegularFile(file) && Files.isReadable(file);
        return Finding.of(
                Area.SETTINGS,
                file.toString(),
                isReadable ? Fault.SETTINGS_UNUSABLE : Fault.UNREADABLE_FILE,
                cause,
                isReadable
                        ? "\"${EDITOR:-vi}\" " + Shell.word(file)
                        : "ls -l " + Shell.word(file) + " # this user must be able to read it");
    }
}
