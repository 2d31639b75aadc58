// SPDX-FileCopyrightText: The Shareferry authors
// SPDX-License-Identifier: Apache-2.0
package org.shareferry.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `shareferry completion`.
@Command(
        name = "completion",
        description = "Print what lets a shell complete commands and options with the Tab key.",
        footer = {
            "",
            "Examples:",
            "  shareferry completion bash >~/.local/share/bash-completion/completions/shareferry",
            "  shareferry completion zsh >~/.shareferry-completion # and in ~/.zshrc: source ~/.shareferry-completion",
            "  shareferry completion fish >~/.config/fish/completions/shareferry.fish"
        })
@SuppressWarnings("NullAway.Init") // picocli sets the fields before it calls
final class CompletionCommand implements Callable<Integer> {
    private static final String NAME = "shareferry";

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
    private Shell shell;

    /// Shells that complete.
    enum Shell {
        BASH,
        /// Through its emulation of bash.
        ZSH,
        FISH
    }

    @Override
    public Integer call() {
        var root = spec.root().commandLine();
        var script = switch (shell) {
            case BASH, ZSH -> AutoComplete.bash(NAME, root);
            case FISH -> String.join("\n", fish(root)) + "\n";
        };
        spec.commandLine().getOut().print(script);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private static List<String> fish(CommandLine root) {
        var lines = new ArrayList<String>();
        commands(root).forEach((name, command) -> {
            lines.add("complete -c " + NAME + " -n __fish_use_subcommand -f -a " + name + " -d " + described(command));
            var within = " -n '__fish_seen_subcommand_from " + name + "'";
            commands(command).forEach((inner, sub) -> {
                lines.add("complete -c " + NAME + within + " -a " + inner + " -d " + described(sub));
                options(sub).forEach(option -> lines.add("complete -c " + NAME + within + option));
            });
            options(command).forEach(option -> lines.add("complete -c " + NAME + within + option));
        });
        return lines.stream().distinct().toList();
    }

    private static Map<String, CommandLine> commands(CommandLine line) {
        var visible = new TreeMap<String, CommandLine>();
        line.getSubcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                visible.put(name, command);
            }
        });
        return visible;
    }

    private static List<String> options(CommandLine line) {
        var found = new ArrayList<String>();
        for (var option : line.getCommandSpec().options()) {
            for (var name : option.hidden() ? new String[0] : option.names()) {
                var form = name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1);
                var takes = option.arity().max() > 0 ? " -r" : "";
                found.add(form + takes + " -d " + quoted(first(option.description())));
            }
        }
        return found;
    }

    private static String described(CommandLine line) {
        return quoted(first(line.getCommandSpec().usageMessage().description()));
    }

    private static String first(String... texts) {
        return texts.length == 0 ? "" : texts[0].split("[.:;] ", 2)[0].replaceAll("\\.$", "");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
