// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ServiceLoader;
import org.shareferry.cbor.MalformedException;
import org.shareferry.cli.backup.BackupCommand;
import org.shareferry.cli.backup.RestoreCommand;
import org.shareferry.cli.canary.CanaryCommand;
import org.shareferry.cli.certificate.AuthorityCommand;
import org.shareferry.cli.certificate.CertificatesCommand;
import org.shareferry.cli.certificate.TrustCommand;
import org.shareferry.cli.certificate.VmCertificatesCommand;
import org.shareferry.cli.demo.DemoCommand;
import org.shareferry.cli.doctor.DoctorCommand;
import org.shareferry.cli.evidence.EvidenceCommand;
import org.shareferry.cli.handover.ReconstructCommand;
import org.shareferry.cli.handover.SampleCommand;
import org.shareferry.cli.handover.SplitCommand;
import org.shareferry.cli.handover.SubmitCommand;
import org.shareferry.cli.init.InitCommand;
import org.shareferry.cli.input.InputCommand;
import org.shareferry.cli.input.InputsCommand;
import org.shareferry.cli.input.RequestsCommand;
import org.shareferry.cli.join.InviteCommand;
import org.shareferry.cli.join.JoinCommand;
import org.shareferry.cli.member.KeygenCommand;
import org.shareferry.cli.module.ModuleCommand;
import org.shareferry.cli.output.LauncherName;
import org.shareferry.cli.output.Terminal;
import org.shareferry.cli.process.Shutdown;
import org.shareferry.cli.receipt.ReceiptCommand;
import org.shareferry.cli.result.ResultsCommand;
import org.shareferry.cli.roster.RosterCommand;
import org.shareferry.cli.run.RunCommand;
import org.shareferry.cli.status.StatusCommand;
import org.shareferry.json.PlainText;
import org.shareferry.keys.KeyFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command `shareferry`.
@Command(
        name = "shareferry",
        description = "Brings outputs of MP-SPDZ programs to clients whom only one party can reach.",
        versionProvider = Main.Version.class,
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        footer = {
            "",
            "Examples:",
            "  shareferry demo",
            "  shareferry init --dir site --protocol spdz2k",
            "  shareferry run --dir site",
            "",
            "In a checkout, ./shareferry bench measures how fast deliveries are; see ./shareferry bench --help."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed; one sentence on standard error gives the reason", "2:wrong usage"})
@SuppressWarnings("NullAway.Init") // picocli sets the field before it calls
public final class Main implements Runnable {
    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Show the cause of an error, with its stack trace.")
    private boolean verbose;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /// @param arguments see `shareferry --help`
    public static void main(String[] arguments) {
        // Otherwise the validator of settings, which uses JBoss Logging, prints its version.
        System.setProperty("org.jboss.logging.provider", "slf4j");
        var line = commandLine(Clock.systemUTC());
        line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
        line.setColorScheme(colours(Terminal.detect().isColoured()));
        System.exit(line.execute(arguments));
    }

    /// @param clock for the dates of certificates
    /// @return the command with all its subcommands
    static CommandLine commandLine(Clock clock) {
        var main = new Main();
        var line = new CommandLine(main)
                .addSubcommand(new DemoCommand(clock))
                .addSubcommand(new SampleCommand(clock))
                .addSubcommand(new InitCommand(clock))
                .addSubcommand(new RunCommand())
                .addSubcommand(new KeygenCommand())
                .addSubcommand(new CertificatesCommand(clock))
                .addSubcommand(new AuthorityCommand(clock))
                .addSubcommand(new TrustCommand(clock))
                .addSubcommand(RosterCommand.commandLine())
                .addSubcommand(new InviteCommand(clock))
                .addSubcommand(new JoinCommand(clock))
                .addSubcommand(new VmCertificatesCommand(clock))
                .addSubcommand(new SplitCommand())
                .addSubcommand(new ReconstructCommand())
                .addSubcommand(new SubmitCommand(clock))
                .addSubcommand(new ModuleCommand())
                .addSubcommand(new CanaryCommand(clock))
                .addSubcommand(new StatusCommand(clock))
                .addSubcommand(new InputCommand(clock))
                .addSubcommand(new InputsCommand(clock))
                .addSubcommand(new RequestsCommand(clock))
                .addSubcommand(new ResultsCommand(clock))
                .addSubcommand(new EvidenceCommand())
                .addSubcommand(ReceiptCommand.commandLine(clock))
                .addSubcommand(new BackupCommand(clock))
                .addSubcommand(new RestoreCommand())
                .addSubcommand(new DoctorCommand(clock));
        ServiceLoader.load(MoreCommands.class)
                .forEach(more -> more.commands(clock).forEach(line::addSubcommand));
        line.addSubcommand(new CompletionCommand()).addSubcommand(new ManCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(colours(false));
        line.setParameterExceptionHandler(Main::wrongUsage);
        line.setExecutionExceptionHandler(main::failed);
        return line;
    }

    private static ColorScheme colours(boolean isOn) {
        return CommandLine.Help.defaultColorScheme(isOn ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    private static int wrongUsage(ParameterException wrong, String[] arguments) {
        var line = wrong.getCommandLine();
        line.getErr()
                .println("shareferry: " + sentence(String.valueOf(wrong.getMessage())) + unknown(wrong) + " Try '"
                        + line.getCommandSpec().qualifiedName() + " --help'.");
        return line.getCommandSpec().exitCodeOnInvalidInput();
    }

    /// A mistyped option is often reported as a missing one.
    private static String unknown(ParameterException wrong) {
        var words = wrong.getCommandLine().getUnmatchedArguments();
        if (words.isEmpty()) {
            return "";
        }
        var word = words.getFirst();
        var named = wrong instanceof UnmatchedArgumentException || !word.startsWith("-")
                ? ""
                : " Unknown option: '" + PlainText.of(word) + "'.";
        return named + Suggestions.of(word, wrong.getCommandLine());
    }

    private int failed(Exception failure, CommandLine line, ParseResult parsed) {
        if (Shutdown.hasBegun()) {
            // By Ctrl-C or another signal: what fails now was ended with the rest.
            return line.getCommandSpec().exitCodeOnExecutionException();
        }
        line.getErr().println("shareferry: " + LauncherName.byLauncher().in(sentence(describe(failure))));
        if (verbose) {
            failure.printStackTrace(line.getErr());
        }
        return line.getCommandSpec().exitCodeOnExecutionException();
    }

    private static String describe(Exception failure) {
        return switch (failure) {
            case CommandException expected -> expected.sentence();
            case MalformedException malformed -> malformed.reason();
            case KeyFileException key -> String.valueOf(key.getMessage());
            default ->
                "Internal error (" + failure.getClass().getSimpleName()
                        + "); repeat the command with --verbose and report the output.";
        };
    }

    private static String sentence(String text) {
        var line = PlainText.of(text.strip().replaceAll("\\s*\\R\\s*", " "));
        return line.endsWith(".") ? line : line + ".";
    }

    /// Reads the version from the jar's manifest.
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            var version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"shareferry " + (version == null ? "of this source tree" : version)};
        }
    }
}
