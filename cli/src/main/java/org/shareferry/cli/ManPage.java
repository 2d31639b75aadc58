// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/// The manual page of one command, in the macros of man(7).
final class ManPage {
    private final CommandLine line;
    private final CommandSpec spec;

    ManPage(CommandLine line) {
        this.line = line;
        this.spec = line.getCommandSpec();
    }

    /// @return such as `shareferry-results-get`
    String name() {
        return spec.qualifiedName("-");
    }

    /// @return the whole page
    String roff() {
        var usage = spec.usageMessage();
        var page = new StringBuilder(".TH \"" + name().toUpperCase(Locale.ROOT) + "\" 1\n");
        section(page, "NAME", plain(name() + " - " + first(usage.description())));
        section(page, "SYNOPSIS", plain(synopsis()));
        section(
                page,
                "DESCRIPTION",
                Stream.of(usage.description()).map(this::text).collect(Collectors.joining("\n.PP\n")));
        section(
                page,
                "ARGUMENTS",
                spec.positionalParameters().stream()
                        .map(parameter -> item(parameter.paramLabel(), parameter))
                        .collect(Collectors.joining("\n")));
        section(
                page,
                "OPTIONS",
                spec.options().stream()
                        .filter(option -> !option.hidden())
                        .map(option -> item(label(option), option))
                        .collect(Collectors.joining("\n")));
        section(
                page,
                "COMMANDS",
                line.getSubcommands().values().stream()
                        .map(CommandLine::getCommandSpec)
                        .filter(sub -> !sub.usageMessage().hidden())
                        .map(sub -> item(
                                sub.name(), List.of(first(sub.usageMessage().description()))))
                        .collect(Collectors.joining("\n")));
        section(
                page,
                "EXIT STATUS",
                usage.exitCodeList().entrySet().stream()
                        .map(code -> item(code.getKey(), List.of(code.getValue())))
                        .collect(Collectors.joining("\n")));
        var footer = Stream.of(usage.footer()).map(this::text).collect(Collectors.joining("\n"));
        section(page, "NOTES", footer.isBlank() ? "" : ".nf\n" + footer + "\n.fi");
        return page.toString();
    }

    private String synopsis() {
        return line.getHelp().synopsis(0).replaceAll("\\s+", " ").strip();
    }

    private static String label(OptionSpec option) {
        var names = String.join(", ", option.names());
        return option.arity().max() == 0 ? names : names + "=" + option.paramLabel();
    }

    private String item(String label, ArgSpec described) {
        return item(label, List.of(described.description()));
    }

    private String item(String label, List<String> described) {
        return ".TP\n\\fB" + plain(label) + "\\fR\n"
                + described.stream().map(this::text).collect(Collectors.joining("\n"));
    }

    private static void section(StringBuilder page, String name, String text) {
        if (!text.isBlank()) {
            page.append(".SH ").append(name).append('\n').append(text).append('\n');
        }
    }

    private static String first(String... texts) {
        return texts.length == 0 ? "" : texts[0];
    }

    /// Without picocli's markup and with its variables in place.
    private String text(String text) {
        return plain(Ansi.OFF.string(text.replace("%n", " ")));
    }

    /// A line that begins with a dot or an apostrophe would be a macro.
    private static String plain(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-").replaceAll("(?m)^([.'])", "\\\\&$1");
    }
}
